//! Constants in closed form become exact numbers here, within a bound on the work that a whole file may cost.

use num_traits::{One, Signed, Zero};

use crate::expr::limits::{Budget, MAX_FOLD_BITS, bits, power, rational_root};
use crate::expr::{Expr, Node};
use crate::num::algebraic::Algebraic;
use crate::num::poly::Poly;
use crate::num::real::Real;
use crate::num::{Exact, Form, Integer, Rational, ratio};

/// The work that the constants of one file may cost, in steps of about half a microsecond.
pub(super) const WORK: u64 = 400_000;
/// The longest number that a constant may lead to, in bits.
const MAX_BITS: u64 = 4 * MAX_FOLD_BITS;
/// The work that a power of e with an irrational exponent is taken to cost, each time that it is enclosed.
const TOWER: u64 = 20_000;
/// The highest power of a sum of powers of e that is multiplied out.
const MAX_POWER: u64 = 64;

/// Why there is no such number.
pub(super) type Fault = String;

/// The number that an expression without letters is.
///
/// # Errors
/// A division by zero, a logarithm or root that does not exist, work beyond the budget; in words.
pub(super) fn exact(expr: &Expr, budget: &mut Budget) -> Result<Exact, Fault> {
    let value = expr.fold(|node, operands: Vec<Exact>| value(node, &operands, budget))?;
    value.ok_or_else(|| "there is nothing to work out".to_owned())
}

/// Terms of a number and the bits of all of them.
fn size(x: &Exact) -> (u64, u64) {
    match x.form() {
        Form::Rational(r) => (1, bits(r)),
        Form::Quotient(q) => {
            let terms = q.numerator().terms().iter().chain(q.denominator().terms());
            terms.fold((0, 0), |(n, sum), (e, c)| (n + 1, sum + bits(e) + bits(c)))
        }
        Form::Log(l) => (u64::try_from(l.terms().len()).unwrap_or(u64::MAX).saturating_add(1), 64),
        Form::Algebraic(_) | Form::Real(_) => (1, 64),
    }
}

/// Takes off what an operation on two numbers costs, and refuses those that would grow beyond the limit.
fn spend(a: &Exact, b: &Exact, budget: &mut Budget) -> Result<(), Fault> {
    let ((m, x), (n, y)) = (size(a), size(b));
    if x.saturating_add(y) > MAX_BITS.saturating_mul(m.max(n)) {
        return Err(format!("the numbers grow beyond {MAX_BITS} bits, the limit"));
    }
    let each = x.saturating_add(y).checked_div(m.saturating_add(n)).unwrap_or(0);
    let pairs = m.saturating_mul(n);
    let all = budget.spend(pairs.saturating_mul(4)).and_then(|()| budget.spend_bits(each));
    let wide = if pairs > 1 { budget.spend(pairs.saturating_mul(each / 64)) } else { Ok(()) };
    all.and(wide).map_err(|_| too_much())
}

fn too_much() -> Fault {
    format!("the answers of the file take more than {WORK} steps to work out, the limit")
}

fn undecided(why: crate::num::Undecided) -> Fault {
    why.reason
}

fn is_real(x: &Exact) -> bool {
    x.as_real().is_some()
}

fn value(node: &Expr, operands: &[Exact], budget: &mut Budget) -> Result<Exact, Fault> {
    budget.spend(1).map_err(|_| too_much())?;
    let zero = Exact::zero();
    let first = operands.first().unwrap_or(&zero);
    match node.node() {
        Node::Number(r) => Ok(r.clone().into()),
        Node::Variable(name) => Err(format!("`{name}` has no value")),
        Node::Negate(_) => Ok(first.neg()),
        // One sum of many keeps the tree of a number without another form flat.
        Node::Sum(_) if operands.iter().any(is_real) => {
            Ok(Real::sum(operands.iter().cloned().map(Real::exact).collect()).into())
        }
        Node::Sum(_) => operands.iter().try_fold(Exact::zero(), |sum, x| {
            spend(&sum, x, budget)?;
            Ok(sum.add(x))
        }),
        Node::Product(_) => operands.iter().try_fold(Exact::one(), |product, x| {
            spend(&product, x, budget)?;
            Ok(product.mul(x))
        }),
        Node::Quotient(..) => {
            let divisor = operands.get(1).unwrap_or(&zero);
            spend(first, divisor, budget)?;
            first.checked_div(divisor).map_err(undecided)?.ok_or_else(|| "this divides by zero".to_owned())
        }
        Node::Power(_, n) => raised(first, *n, budget),
        Node::Exp(_) => match first.form() {
            Form::Rational(q) => Ok(Exact::exp(q)),
            Form::Real(_) => Err("powers of e stand higher in one another than is worked out".to_owned()),
            _ => {
                budget.spend(TOWER).map_err(|_| too_much())?;
                Ok(Real::exp(Real::exact(first.clone())).into())
            }
        },
        Node::Ln(_) => {
            if is_real(first) {
                budget.spend(TOWER).map_err(|_| too_much())?;
            }
            let log = first.ln().map_err(undecided)?;
            log.ok_or_else(|| "the logarithm of a number that is not positive does not exist".to_owned())
        }
        Node::Sqrt(_) => root(first),
    }
}

fn raised(x: &Exact, n: i64, budget: &mut Budget) -> Result<Exact, Fault> {
    let times = n.unsigned_abs();
    if let Form::Rational(r) = x.form() {
        if bits(r).saturating_mul(times) > MAX_BITS {
            return Err(format!("this power is longer than {MAX_BITS} bits, the limit"));
        }
        let raised = power(r, n);
        return raised.map(Exact::from).ok_or_else(|| "zero has no negative powers".to_owned());
    }
    if times > MAX_POWER {
        return Err(format!("a power of this is beyond the limit of {MAX_POWER}"));
    }
    let mut raised = Exact::one();
    for _ in 0..times {
        spend(&raised, x, budget)?;
        raised = raised.mul(x);
    }
    if n >= 0 {
        return Ok(raised);
    }
    raised.reciprocal().map_err(undecided)?.ok_or_else(|| "this divides by zero".to_owned())
}

fn root(x: &Exact) -> Result<Exact, Fault> {
    let negative = || "the square root of a negative number is not real".to_owned();
    if let Form::Rational(r) = x.form() {
        if r.is_negative() {
            return Err(negative());
        }
        if let Some(root) = rational_root(r) {
            return Ok(root.into());
        }
        let poly = Poly::new(vec![-r, Rational::zero(), Rational::one()]);
        let root = Algebraic::new(&poly, &Rational::zero(), &(r + Rational::one())).map_err(undecided)?;
        return root.map(Exact::from).ok_or_else(negative);
    }
    // √(c·e^q) = √c·e^(q/2)
    if let Form::Quotient(q) = x.form()
        && let ([(q, c)], [(zero, one)]) = (q.numerator().terms(), q.denominator().terms())
        && zero.is_zero()
        && one.is_one()
        && let Some(root) = rational_root(c)
    {
        return Ok(Exact::exp(&(q / Rational::from_integer(Integer::from(2)))).scale(&root));
    }
    match x.sign().map_err(undecided)? {
        num_bigint::Sign::Minus => Err(negative()),
        num_bigint::Sign::NoSign => Ok(Exact::zero()),
        num_bigint::Sign::Plus => {
            let half = Real::exact(Exact::from(ratio(1, 2)));
            Ok(Real::exp(Real::product(half, Real::ln(Real::exact(x.clone())))).into())
        }
    }
}

/// 10^places as a rational, for places of either sign within the limits of numbers that are read.
pub(super) fn power_of_ten(places: i64) -> Option<Rational> {
    power(&Rational::from_integer(Integer::from(10)), places)
}
