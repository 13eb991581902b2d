//! The derivations that rows of this kind show live here, with the problem's numbers filled in; no answer is made here.

use num_traits::{One, Signed, Zero};

use super::drawn;
use super::given::{Entries, Given, MOST_EXAMPLE};
use super::solve::{Moments, Saturation};
use crate::evidence::sampling::softmax::Softmax;
use crate::notation::{Math, Relation};
use crate::num::{Exact, Integer, Rational, Rounding};
use crate::report::{Row, Step};

/// Significant digits of the decimals in the example.
const SHOWN_DIGITS: u32 = 4;

fn sym(name: &str) -> Math {
    Math::sym(name)
}

fn num(value: &Rational) -> Math {
    Math::num(value.clone())
}

fn square(base: Math) -> Math {
    Math::pow(base, Math::int(2))
}

fn expectation(of: Math) -> Math {
    Math::apply("E", vec![of])
}

fn var(of: Math) -> Math {
    Math::apply("Var", vec![of])
}

/// q_i k_i, with any index.
fn term(index: &str) -> Math {
    Math::prod(vec![sym(&format!("q_{index}")), sym(&format!("k_{index}"))])
}

/// qᵀk
fn score() -> Math {
    Math::prod(vec![Math::transpose(sym("q")), sym("k")])
}

fn root_d_k() -> Math {
    Math::sqrt(sym("d_k"))
}

/// Σ over i from 1 to d_k.
fn over_i(body: Math) -> Math {
    Math::sum_between(sym("i"), Math::int(1), sym("d_k"), body)
}

/// d_k as a number where it is one.
fn d_k(given: &Given) -> Math {
    given.d_k.map_or_else(|| sym("d_k"), |d| Math::num(Rational::from_integer(Integer::from(d))))
}

/// d_k·factor, worked out where d_k is a number.
fn d_k_times(given: &Given, factor: &Rational) -> Math {
    match given.d_k {
        Some(d) => Math::num(factor * Rational::from_integer(Integer::from(d))),
        None if factor.is_zero() => Math::int(0),
        None if factor.is_one() => sym("d_k"),
        None => Math::prod(vec![num(factor), sym("d_k")]),
    }
}

/// σ⁴ + 2μ²σ²
fn law() -> Math {
    let square_mu = square(sym("mu"));
    let cross = Math::prod(vec![Math::int(2), square_mu, square(sym("sigma"))]);
    Math::sum(vec![Math::pow(sym("sigma"), Math::int(4)), cross])
}

/// The law with numbers for μ and σ².
fn law_filled(m: &Moments) -> Math {
    let cross = Math::prod(vec![Math::int(2), square(num(&m.mean)), num(&m.variance)]);
    Math::sum(vec![square(num(&m.variance)), cross])
}

/// The symbol of the mean: `E[qᵀk]`.
pub(super) fn mean_symbol() -> Math {
    expectation(score())
}

/// The symbol of the variance: Var(qᵀk).
pub(super) fn variance_symbol() -> Math {
    var(score())
}

/// The symbol of the variance after scaling: Var(qᵀk/√d_k).
pub(super) fn scaled_symbol() -> Math {
    var(Math::frac(score(), root_d_k()))
}

/// Where μ and σ² come from.
fn entry_moments(row: Row, given: &Given, m: &Moments) -> Row {
    let Entries::Table(table) = &given.entries else {
        let words = "All entries of q and k are independent and have mean μ and variance σ². Nothing else about their \
                     distribution is needed.";
        let numbers = vec![sym("mu").equals(num(&m.mean)), square(sym("sigma")).equals(num(&m.variance))];
        return row.step(words, vec![Math::sequence(numbers)]);
    };
    let weighted = |value: fn(&Rational) -> Math| {
        Math::sum(table.iter().map(|(v, p)| Math::prod(vec![num(p), value(v)])).collect())
    };
    let second = &m.variance + &m.mean * &m.mean;
    row.step(
        "All entries of q and k are independent and take the values of the table with its probabilities. Their mean \
         μ and their variance σ²:",
        vec![
            sym("mu").equals(weighted(|v| Math::num(v.clone()))).equals(num(&m.mean)),
            expectation(square(sym("q_i")))
                .equals(weighted(|v| square(Math::num(v.clone()))))
                .equals(num(&second)),
            square(sym("sigma"))
                .equals(Math::minus(expectation(square(sym("q_i"))), square(sym("mu"))))
                .equals(Math::minus(num(&second), square(num(&m.mean))))
                .equals(num(&m.variance)),
        ],
    )
}

/// The mean of the score.
pub(super) fn mean(row: Row, given: &Given, m: &Moments) -> Row {
    let squared = &m.mean * &m.mean;
    entry_moments(row, given, m)
        .step("The score is a sum of d_k products.", vec![score().equals(over_i(term("i")))])
        .step(
            "q_i and k_i are independent, so the mean of their product is the product of their means.",
            vec![
                expectation(term("i"))
                    .equals(Math::prod(vec![expectation(sym("q_i")), expectation(sym("k_i"))]))
                    .equals(square(sym("mu")))
                    .equals(square(num(&m.mean)))
                    .equals(num(&squared)),
            ],
        )
        .step(
            "The mean of a sum is the sum of the means.",
            vec![
                mean_symbol()
                    .equals(over_i(expectation(term("i"))))
                    .equals(Math::prod(vec![sym("d_k"), square(sym("mu"))]))
                    .equals(Math::prod(vec![d_k(given), num(&squared)]))
                    .equals(d_k_times(given, &squared)),
            ],
        )
}

/// The variance of the score, in full.
pub(super) fn variance(row: Row, given: &Given, m: &Moments) -> Row {
    let second = Math::sum(vec![square(sym("sigma")), square(sym("mu"))]);
    let fourth = Math::pow(sym("mu"), Math::int(4));
    let (ti, tj) = (term("i"), term("j"));
    let four = vec![sym("q_i"), sym("k_i"), sym("q_j"), sym("k_j")];
    let covariance = Math::apply("Cov", vec![ti.clone(), tj.clone()]);
    let row = entry_moments(row, given, m)
        .step("The score is a sum of d_k products.", vec![score().equals(over_i(ti.clone()))])
        .step(
            "The first two moments of one product. q_i and k_i are independent, so the means of products split, and \
             E[x²] = Var(x) + E[x]² for each entry x.",
            vec![
                expectation(ti.clone())
                    .equals(Math::prod(vec![expectation(sym("q_i")), expectation(sym("k_i"))]))
                    .equals(square(sym("mu"))),
                expectation(square(Math::group(ti.clone())))
                    .equals(Math::prod(vec![
                        expectation(square(sym("q_i"))),
                        expectation(square(sym("k_i"))),
                    ]))
                    .equals(square(second.clone())),
            ],
        )
        .step(
            "Hence the variance of one product.",
            vec![
                var(ti.clone())
                    .equals(Math::minus(
                        expectation(square(Math::group(ti.clone()))),
                        square(expectation(ti.clone())),
                    ))
                    .equals(Math::minus(square(second), fourth.clone()))
                    .equals(law()),
                var(ti.clone()).equals(law_filled(m)).equals(num(&m.product_variance)),
            ],
        )
        .step(
            "Terms of different i and j share no entry: four independent entries, each with mean μ. So they are \
             uncorrelated.",
            vec![
                covariance
                    .clone()
                    .equals(Math::minus(
                        expectation(Math::prod(four)),
                        Math::prod(vec![expectation(ti.clone()), expectation(tj)]),
                    ))
                    .equals(Math::minus(fourth.clone(), fourth))
                    .equals(Math::int(0)),
            ],
        );
    let cross = Math::sum_over(sym("i").then(Relation::NotEqual, sym("j")), covariance);
    let row = row.step(
        "The variance of a sum is the sum of the variances and of all covariances. The covariances vanish, and the \
         d_k variances are the same.",
        vec![
            variance_symbol()
                .equals(Math::sum(vec![over_i(var(ti)), cross]))
                .equals(Math::prod(vec![sym("d_k"), law()])),
            variance_symbol()
                .equals(Math::prod(vec![d_k(given), law_filled(m)]))
                .equals(d_k_times(given, &m.product_variance)),
        ],
    );
    if m.product_variance.is_one() {
        return row.remark(format!(
            "With μ = {} and σ² = {} this is d_k itself: the scores have standard deviation √d_k.",
            m.mean, m.variance
        ));
    }
    row.remark(format!(
        "With μ = {} and σ² = {} it is {} times d_k. With μ = 0 and σ² = 1 it would be d_k itself.",
        m.mean, m.variance, m.product_variance
    ))
}

/// The variance after scaling.
pub(super) fn scaled(row: Row, given: &Given, m: &Moments) -> Row {
    let v = &m.product_variance;
    let plain = Math::prod(vec![sym("d_k"), law()]);
    let filled = match given.d_k {
        Some(_) => Math::frac(d_k_times(given, v), d_k(given)),
        None => Math::frac(Math::prod(vec![sym("d_k"), num(v)]), sym("d_k")),
    };
    let row = row
        .step(
            "A constant factor a comes out of a variance squared.",
            vec![
                var(Math::prod(vec![sym("a"), sym("X")]))
                    .equals(expectation(square(Math::minus(
                        Math::prod(vec![sym("a"), sym("X")]),
                        Math::prod(vec![sym("a"), expectation(sym("X"))]),
                    ))))
                    .equals(Math::prod(vec![square(sym("a")), var(sym("X"))])),
            ],
        )
        .step(
            "Without scaling the variance is d_k(σ⁴ + 2μ²σ²), as derived for the unscaled score, so the standard \
             deviation of the scores grows with the root of d_k.",
            vec![
                variance_symbol().equals(plain.clone()).equals(d_k_times(given, v)),
                Math::sqrt(variance_symbol()).equals(Math::sqrt(d_k_times(given, v))),
            ],
        )
        .step(
            "Take X = qᵀk and a = 1/√d_k: the factor d_k cancels, whatever d_k is.",
            vec![
                scaled_symbol()
                    .equals(Math::prod(vec![
                        square(Math::frac(Math::int(1), root_d_k())),
                        variance_symbol(),
                    ]))
                    .equals(Math::frac(plain, sym("d_k")))
                    .equals(law()),
                scaled_symbol().equals(filled).equals(num(v)),
            ],
        );
    if v.is_one() {
        row.remark("The scale 1/√d_k brings the variance of the scores to 1, for every d_k.")
    } else if v.is_zero() {
        row.remark("The score is constant, so no scale brings its variance to 1.")
    } else {
        row.remark(format!(
            "With these entries the scale 1/√d_k leaves a variance of {v} for every d_k; the scale 1/√({v}·d_k) would \
             bring it to 1."
        ))
    }
}

fn decimal(value: &Exact) -> Option<Math> {
    value.decimal(Rounding::Significant(SHOWN_DIGITS)).ok().map(Math::decimal)
}

/// left = exact ≈ decimal
fn valued(left: Math, exact: Math, value: &Exact) -> Math {
    let chain = left.equals(exact);
    match decimal(value) {
        Some(digits) => chain.then(Relation::Approx, digits),
        None => chain,
    }
}

/// What growing scores do to a softmax.
pub(super) fn saturation(row: Row, given: &Given, m: &Moments, lines: &[Saturation]) -> Row {
    let e_to = |x: Math| Math::exp(x);
    let one_plus = |x: Math| Math::sum(vec![Math::int(1), x]);
    let p = || sym("p");
    let slope = || Math::prod(vec![p(), Math::minus(Math::int(1), p())]);
    let e_c = || e_to(sym("c"));
    let row = spread(row, given, m)
        .step(
            "Take two keys whose raw scores are c and 0. The softmax of the two:",
            vec![
                p().equals(Math::frac(e_c(), one_plus(e_c()))),
                Math::minus(Math::int(1), p()).equals(Math::frac(Math::int(1), one_plus(e_c()))),
            ],
        )
        .step(
            "The Jacobian of the softmax, the derivative of each probability with respect to each score:",
            vec![
                Math::partial(sym("p_i"), sym("s_j")).equals(Math::prod(vec![
                    sym("p_i"),
                    Math::minus(Math::indicator(sym("i").equals(sym("j"))), sym("p_j")),
                ])),
                Math::minus(Math::apply("diag", vec![p()]), Math::prod(vec![p(), Math::transpose(p())]))
                    .equals(Math::matrix(vec![
                        vec![slope(), Math::neg(slope())],
                        vec![Math::neg(slope()), slope()],
                    ])),
                slope().equals(Math::frac(e_c(), square(one_plus(e_c())))),
            ],
        );
    let example = lines.iter().map(|line| {
        let e = || e_to(num(&line.gap));
        Math::sequence(vec![
            sym("d").equals(Math::num(Rational::from_integer(Integer::from(line.length)))),
            valued(p(), Math::frac(e(), one_plus(e())), &line.largest),
            valued(slope(), Math::frac(e(), square(one_plus(e()))), &line.slope),
        ])
    });
    let mut row = row
        .step(
            "Let the raw scores be c = √d apart, which is one standard deviation of the scores where μ = 0 and \
             σ² = 1. As d grows, p goes to 1 and every entry of the Jacobian to 0:",
            example.collect(),
        )
        .step(
            "The entry falls as fast as e⁻ᶜ, with c = √d.",
            vec![
                slope()
                    .equals(Math::frac(
                        Math::int(1),
                        Math::sum(vec![e_c(), Math::int(2), e_to(Math::neg(sym("c")))]),
                    ))
                    .then(Relation::Less, e_to(Math::neg(sym("c")))),
            ],
        )
        .step(
            "With any number of keys it is the same. An entry of the Jacobian is p_i(1 − p_i) on the diagonal and \
             −p_i·p_j beside it. Every probability but the largest, p_max, is at most 1 − p_max, as all sum to 1. \
             Each entry has such a probability, or 1 − p_max itself, for a factor, and its other factor is at most \
             1. So no entry is larger in size than 1 − p_max.",
            vec![
                Math::abs(Math::partial(sym("p_i"), sym("s_j")))
                    .then(Relation::LessEqual, Math::minus(Math::int(1), sym("p_max"))),
            ],
        )
        .step(
            "Why this is a problem: by the chain rule the gradient with respect to the scores is the Jacobian times \
             the gradient with respect to the probabilities. W_Q and W_K receive their gradients only through the \
             scores. Where the softmax is close to one-hot that gradient vanishes, so the attention stays on the key \
             that the random initial weights happened to favour, and training stalls.",
            vec![
                Math::partial(sym("J"), sym("s")).equals(Math::prod(vec![
                    Math::minus(
                        Math::apply("diag", vec![p()]),
                        Math::prod(vec![p(), Math::transpose(p())]),
                    ),
                    Math::partial(sym("J"), p()),
                ])),
            ],
        );
    if let Some(unit) = lines.first() {
        let e = || e_to(num(&unit.gap));
        row = row.step(
            format!(
                "After division by √d the same two scores are c/√d = {} apart, whatever d is: the softmax stays where \
                 it is at d = {}, and so does its Jacobian.",
                unit.gap, unit.length
            ),
            vec![
                valued(p(), Math::frac(e(), one_plus(e())), &unit.largest),
                valued(slope(), Math::frac(e(), square(one_plus(e()))), &unit.slope),
            ],
        );
    }
    row = row.remark(
        "Columns: d; the gap c = √d between the raw scores of two keys; the larger probability p = e^c/(1 + e^c); the \
         entry p(1 − p) of the Jacobian diag(p) − ppᵀ, whose entries are all ± this.",
    );
    row = row.remark(
        "The larger the scores, the closer the softmax is to one-hot and the smaller its gradient: the weights behind \
         the scores hardly learn. Scaling by 1/√d_k keeps the gap of one standard deviation, and with it the \
         gradient, the same for every d_k.",
    );
    match given.d_k {
        Some(d) if d > MOST_EXAMPLE => row.remark(format!(
            "The example stops at d = {MOST_EXAMPLE}, short of d_k = {d}, where p is closer to 1 still."
        )),
        _ => row,
    }
}

/// The softmax of scores that were drawn, as a step each for raw and for scaled ones.
pub(super) fn drawn_softmaxes(given: &Given) -> Vec<Step> {
    let drawn = drawn::softmaxes(given);
    if drawn.is_empty() {
        return Vec::new();
    }
    let from = match &given.entries {
        Entries::Moments { .. } => "normal entries with the mean and the variance of this problem",
        Entries::Table(_) => "entries from the table of this problem",
    };
    let table = |which: fn(&[Softmax; 2]) -> &Softmax| {
        let head = vec![sym("d"), sym("p_max"), sym("H"), Math::norm(Math::partial(sym("p"), sym("s")))];
        let lines = drawn.iter().map(|(d, both)| {
            let s = which(both);
            let length = Math::num(Rational::from_integer(Integer::from(*d)));
            let seen = [s.largest, s.entropy, s.jacobian].map(|seen| Math::words(seen.text()));
            std::iter::once(length).chain(seen).collect()
        });
        Math::matrix(std::iter::once(head).chain(lines).collect())
    };
    let raw = Step::new(
        format!(
            "The same by drawing at random: {} times for each d a query and {} keys, {from}. Columns: d, and on average \
             the largest probability, the entropy H = −Σ p_i ln p_i, and the Frobenius norm of the Jacobian. In \
             parentheses the standard error of the last digit. Of the raw scores:",
            drawn::QUERIES,
            drawn::KEYS
        ),
        vec![table(|[raw, _]| raw)],
    );
    vec![raw, Step::new("Of the same scores over √d:", vec![table(|[_, scaled]| scaled)])]
}

/// How far apart scores of this problem are.
fn spread(row: Row, given: &Given, m: &Moments) -> Row {
    let v = &m.product_variance;
    if !v.is_positive() {
        return row.step(
            "In this problem every score is the same constant, so its softmax does not saturate. The example below \
             shows entries that vary.",
            vec![variance_symbol().equals(d_k_times(given, v))],
        );
    }
    row.step(
        "Without scaling the scores of different keys lie about a standard deviation apart, and that grows with the \
         root of d_k.",
        vec![Math::sqrt(variance_symbol()).equals(Math::sqrt(d_k_times(given, v)))],
    )
}
