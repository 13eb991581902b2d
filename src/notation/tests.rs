//! What is printed reads back to the same value; known strings stand in tables.
#![allow(clippy::unwrap_used, clippy::panic)]

mod read_back;

use super::*;
use crate::num::ratio;

fn sym(name: &str) -> Math {
    Math::sym(name)
}

fn int(value: i64) -> Math {
    Math::int(value)
}

fn frac(a: i64, b: i64) -> Math {
    Math::num(ratio(a, b))
}

/// Formula, text, plain, LaTeX. Written by hand from the usual conventions of each notation.
fn table() -> Vec<(Math, &'static str, &'static str, &'static str)> {
    let (a, b, c) = (|| sym("a"), || sym("b"), || sym("c"));
    vec![
        (frac(9, 40), "9/40", "9/40", r"\frac{9}{40}"),
        (frac(-1, 2), "−1/2", "-1/2", r"-\frac{1}{2}"),
        (Math::ln(int(2)), "ln 2", "log(2)", r"\ln 2"),
        (Math::ln(frac(1, 2)), "ln(1/2)", "log(1/2)", r"\ln\left(\frac{1}{2}\right)"),
        (Math::prod(vec![Math::ln(int(2)), a()]), "(ln 2)·a", "log(2)*a", r"(\ln 2)\,a"),
        (Math::prod(vec![int(2), Math::ln(int(2))]), "2·ln 2", "2*log(2)", r"2\,\ln 2"),
        (Math::neg(Math::ln(sym("p_y"))), "−ln p_y", "-log(p_y)", r"-\ln p_{y}"),
        (
            Math::frac(Math::exp(frac(1, 2)), Math::sum(vec![int(1), Math::exp(frac(1, 2))])),
            "e^(1/2)/(1 + e^(1/2))",
            "exp(1/2)/(1 + exp(1/2))",
            r"\frac{e^{1/2}}{1 + e^{1/2}}",
        ),
        (Math::exp(int(1)), "e", "exp(1)", "e"),
        (Math::exp(int(-1)), "e⁻¹", "exp(-1)", "e^{-1}"),
        (Math::pow(Math::exp(a()), int(2)), "(eᵃ)²", "exp(a)**2", "(e^{a})^{2}"),
        (
            Math::minus(frac(5, 2), Math::frac(Math::sqrt(int(5)), int(2))),
            "5/2 − √5/2",
            "5/2 - sqrt(5)/2",
            r"\frac{5}{2} - \frac{\sqrt{5}}{2}",
        ),
        (Math::prod(vec![int(10), sym("x1")]), "10·x₁", "10*x1", r"10\,x_{1}"),
        (Math::prod(vec![int(2), int(3)]), "2·3", "2*3", r"2 \cdot 3"),
        (Math::prod(vec![a(), Math::neg(b())]), "a·(−b)", "a*(-b)", r"a \cdot (-b)"),
        (Math::prod(vec![int(-2), b()]), "−2·b", "-2*b", r"-2\,b"),
        (Math::prod(vec![a(), int(-2)]), "a·(−2)", "a*(-2)", r"a \cdot (-2)"),
        (Math::minus(a(), Math::minus(b(), c())), "a − (b − c)", "a - (b - c)", "a - (b - c)"),
        (Math::minus(a(), int(-3)), "a − (−3)", "a - (-3)", "a - (-3)"),
        (Math::sum(vec![a(), int(-3)]), "a − 3", "a - 3", "a - 3"),
        (Math::sum(vec![a(), Math::prod(vec![int(-2), b()])]), "a − 2·b", "a - 2*b", r"a - 2\,b"),
        (Math::neg(Math::sum(vec![a(), b()])), "−(a + b)", "-(a + b)", "-(a + b)"),
        (Math::neg(Math::neg(a())), "−(−a)", "-(-a)", "-(-a)"),
        (Math::pow(frac(1, 2), sym("k")), "(1/2)ᵏ", "(1/2)**k", r"\left(\frac{1}{2}\right)^{k}"),
        (Math::pow(int(-2), int(2)), "(−2)²", "(-2)**2", "(-2)^{2}"),
        (Math::neg(Math::pow(int(2), int(2))), "−2²", "-2**2", "-2^{2}"),
        (Math::pow(int(10), int(-12)), "10⁻¹²", "10**(-12)", "10^{-12}"),
        (Math::pow(Math::pow(a(), int(2)), int(3)), "(a²)³", "(a**2)**3", "(a^{2})^{3}"),
        (Math::pow(a(), Math::pow(b(), int(3))), "a^(b³)", "a**(b**3)", "a^{b^{3}}"),
        (
            Math::pow(sym("gamma"), Math::sum(vec![sym("k"), int(1)])),
            "γᵏ⁺¹",
            "gamma**(k + 1)",
            r"\gamma^{k + 1}",
        ),
        (Math::pow(a(), Math::prod(vec![int(2), sym("k")])), "a^(2·k)", "a**(2*k)", r"a^{2\,k}"),
        (Math::frac(a(), Math::prod(vec![b(), c()])), "a/(b·c)", "a/(b*c)", r"\frac{a}{b\,c}"),
        (Math::frac(Math::frac(a(), b()), c()), "(a/b)/c", "(a/b)/c", r"\frac{\frac{a}{b}}{c}"),
        (Math::frac(a(), int(-2)), "a/(−2)", "a/(-2)", r"\frac{a}{-2}"),
        (
            Math::prod(vec![frac(1, 2), Math::sum(vec![a(), b()])]),
            "1/2·(a + b)",
            "1/2*(a + b)",
            r"\frac{1}{2}\,(a + b)",
        ),
        (Math::prod(vec![a(), frac(1, 2)]), "a·(1/2)", "a*(1/2)", r"a \cdot \frac{1}{2}"),
        (Math::partial(sym("J"), sym("W")), "∂J/∂W", "Derivative(J, W)", r"\frac{\partial J}{\partial W}"),
        (
            Math::prod(vec![Math::partial(sym("J"), sym("theta")), Math::transpose(sym("h"))]),
            "∂J/∂θ · hᵀ",
            "Derivative(J, theta)*transpose(h)",
            r"\frac{\partial J}{\partial \theta}\,h^{\mathsf{T}}",
        ),
        (
            Math::transpose(Math::sum(vec![sym("A"), sym("B")])),
            "(A + B)ᵀ",
            "transpose(A + B)",
            r"(A + B)^{\mathsf{T}}",
        ),
        (
            Math::norm(Math::minus(sym("x0"), sym("x_star"))),
            "‖x₀ − x*‖",
            "norm(x0 - x_star)",
            r"\lVert x_{0} - x^{\star} \rVert",
        ),
        (Math::pow(sym("x_star"), int(2)), "(x*)²", "x_star**2", r"(x^{\star})^{2}"),
        (sym("theta_y"), "θ_y", "theta_y", r"\theta_{y}"),
        (sym("theta_j"), "θⱼ", "theta_j", r"\theta_{j}"),
        (sym("p_hat"), "p\u{302}", "p_hat", r"\hat{p}"),
        (sym("W_2_next"), "W₂⁺", "W_2_next", "W_{2}^{+}"),
        (sym("b_1_i"), "b₁ᵢ", "b_1_i", "b_{1,i}"),
        (sym("W_1_2"), "W_1,2", "W_1_2", "W_{1,2}"),
        (
            Math::prod(vec![Math::transpose(sym("q")), sym("k")]),
            "qᵀk",
            "transpose(q)*k",
            r"q^{\mathsf{T}}\,k",
        ),
        (
            Math::prod(vec![Math::transpose(sym("W_1")), sym("x")]),
            "W₁ᵀ·x",
            "transpose(W_1)*x",
            r"W_{1}^{\mathsf{T}}\,x",
        ),
        (Math::pow(sym("x"), Math::group(sym("k"))), "x⁽ᵏ⁾", "x**(k)", "x^{(k)}"),
        (sym("d_model"), "d_model", "d_model", r"d_{\mathrm{model}}"),
        (sym("lambda"), "λ", "lamda", r"\lambda"),
        (Math::sqrt(sym("d_k")), "√dₖ", "sqrt(d_k)", r"\sqrt{d_{k}}"),
        (Math::sqrt(Math::sum(vec![a(), b()])), "√(a + b)", "sqrt(a + b)", r"\sqrt{a + b}"),
        (Math::sub(sym("z"), int(1)), "z₁", "z_1", "z_{1}"),
        (Math::sub(sym("z1"), int(2)), "(z₁)₂", "z1_2", "(z_{1})_{2}"),
        (Math::sub(sym("w"), Math::sequence(vec![sym("i"), sym("j")])), "wᵢⱼ", "Indexed(w, i, j)", "w_{i,j}"),
        (
            Math::sum_over(sym("j"), Math::exp(sym("theta_j"))),
            "Σⱼ e^θⱼ",
            "Sum(exp(theta_j), j)",
            r"\sum_{j} e^{\theta_{j}}",
        ),
        (
            Math::sum_between(sym("i"), int(1), sym("n"), Math::sum(vec![a(), b()])),
            "Σᵢ₌₁ⁿ (a + b)",
            "Sum(a + b, (i, 1, n))",
            r"\sum_{i = 1}^{n} (a + b)",
        ),
        (
            Math::prod(vec![Math::sum_over(sym("i"), a()), b()]),
            "(Σᵢ a)·b",
            "Sum(a, i)*b",
            r"\left(\sum_{i} a\right)\,b",
        ),
        (Math::apply("Var", vec![sym("q")]), "Var(q)", "Var(q)", r"\operatorname{Var}(q)"),
        (Math::apply("E", vec![sym("q")]), "E[q]", "E(q)", r"\mathbb{E}[q]"),
        (
            Math::indicator(sym("i").equals(sym("y"))),
            "1[i = y]",
            "Indicator(i = y)",
            r"\mathbf{1}[\,i = y\,]",
        ),
        (
            Math::matrix(vec![vec![int(10), int(0)], vec![int(0), int(-1)]]),
            "[10 0; 0 −1]",
            "[[10, 0], [0, -1]]",
            r"\begin{pmatrix} 10 & 0 \\ 0 & -1 \end{pmatrix}",
        ),
        (
            Math::matrix(vec![vec![Math::sum(vec![a(), b()]), c()]]),
            "[a + b, c]",
            "[[a + b, c]]",
            r"\begin{pmatrix} a + b & c \end{pmatrix}",
        ),
        (
            Math::column(vec![int(1), frac(1, 2)]),
            "(1, 1/2)ᵀ",
            "[[1], [1/2]]",
            r"\begin{pmatrix} 1 \\ \frac{1}{2} \end{pmatrix}",
        ),
        (Math::list(vec![int(1), int(-1)]), "(1, −1)", "[1, -1]", "(1, -1)"),
        (
            Math::sequence(vec![sym("m").equals(int(1)), sym("L").equals(int(10))]),
            "m = 1, L = 10",
            "m = 1, L = 10",
            r"m = 1,\; L = 10",
        ),
        (a().equals(b()).then(Relation::LessEqual, c()), "a = b ≤ c", "a = b <= c", r"a = b \le c"),
        (a().equals(Math::group(b().then(Relation::Less, c()))), "a = (b < c)", "a = (b < c)", "a = (b < c)"),
        (Math::sum(vec![a(), b().equals(c())]), "a + (b = c)", "a + (b = c)", "a + (b = c)"),
        (
            sym("p").then(Relation::Approx, Math::decimal("-3.72e-44")),
            "p ≈ −3.72·10⁻⁴⁴",
            "p ~ -3.72e-44",
            r"p \approx -3.72 \cdot 10^{-44}",
        ),
        (Math::sum(vec![]), "0", "0", "0"),
        (Math::prod(vec![]), "1", "1", "1"),
        (Math::words("50% of d_k"), "50% of d_k", "50% of d_k", r"\text{50\% of d\_k}"),
    ]
}

#[test]
fn known_formulas_print_as_they_are_written_by_hand() {
    for (math, in_text, in_plain, in_latex) in table() {
        assert_eq!(text(&math), in_text, "text of {math:?}");
        assert_eq!(plain(&math), in_plain, "plain of {math:?}");
        assert_eq!(latex(&math), in_latex, "LaTeX of {math:?}");
    }
}

#[test]
fn the_pass_changes_nothing_the_second_time() {
    for (math, ..) in table() {
        for notation in [Notation::Plain, Notation::Text, Notation::Block, Notation::Drawn] {
            let once = grouped(&math, notation);
            assert_eq!(grouped(&once, notation), once, "{notation:?}");
        }
    }
}

#[test]
fn then_continues_a_chain_from_either_side() {
    let by_hand =
        Math::Chain(Box::new(sym("a")), vec![(Relation::Equal, sym("b")), (Relation::LessEqual, sym("c"))]);
    assert_eq!(sym("a").equals(sym("b")).then(Relation::LessEqual, sym("c")), by_hand);
    assert_eq!(sym("a").equals(sym("b").then(Relation::LessEqual, sym("c"))), by_hand);
}

#[test]
fn an_implication_takes_chains_for_its_sides() {
    let nested = Math::Chain(
        Box::new(sym("a").equals(sym("b"))),
        vec![(Relation::Implies, sym("c").equals(sym("d")))],
    );
    assert_eq!(text(&nested), "a = b ⟹ c = d");
    let in_equation = Math::Chain(Box::new(sym("a")), vec![(Relation::Equal, nested)]);
    assert_eq!(text(&in_equation), "a = (a = b ⟹ c = d)");
}

#[test]
fn a_matrix_is_drawn_with_its_name_level_and_its_points_aligned() {
    let rows = vec![
        vec![Math::decimal("-10.25"), int(0)],
        vec![Math::decimal("3.5"), frac(1, 2)],
        vec![int(7), int(-12)],
    ];
    let chain = sym("W").equals(Math::matrix(rows));
    assert_eq!(
        text_block(&chain),
        [
            "    ⎡−10.25    0⎤", //
            "W = ⎢  3.5   1/2⎥",
            "    ⎣  7     −12⎦",
        ]
    );
}

#[test]
fn blocks_stand_level_and_parentheses_grow() {
    let w = || Math::matrix(vec![vec![int(1), int(2)], vec![int(3), int(4)]]);
    let h = || Math::column(vec![int(1), int(-1)]);
    let product = sym("z").equals(Math::prod(vec![w(), h()]));
    assert_eq!(text_block(&product), ["z = ⎡1  2⎤·⎡ 1⎤", "    ⎣3  4⎦ ⎣−1⎦"]);
    let transposed = Math::transpose(Math::sum(vec![h(), Math::neg(sym("b"))]));
    assert_eq!(text_block(&transposed), ["⎛⎡ 1⎤ − b⎞ᵀ", "⎝⎣−1⎦    ⎠"]);
    assert_eq!(text_block(&Math::transpose(h())), ["⎡ 1⎤ᵀ", "⎣−1⎦"]);
}

#[test]
fn long_chains_break_before_relations() {
    let chain = sym("J").equals(sym("first")).equals(sym("second")).then(Relation::Approx, sym("third"));
    assert_eq!(text_block_within(&chain, 20), ["J = first = second", "  ≈ third"]);
    assert_eq!(text_block_within(&chain, 10), ["J = first", "  = second", "  ≈ third"]);
    assert_eq!(text_block(&chain), [text(&chain)]);
    let items =
        Math::sequence(vec![sym("m").equals(int(1)), sym("L").equals(int(10)), sym("t").equals(int(3))]);
    assert_eq!(text_block_within(&items, 14), ["m = 1, L = 10,", "t = 3"]);
}

#[test]
fn a_side_that_is_too_wide_breaks_before_its_terms() {
    let letters = |names: &[&str]| Math::sum(names.iter().map(|name| sym(name)).collect());
    let sum = letters(&["alpha", "beta", "gamma", "delta"]);
    assert_eq!(text_block_within(&sum, 9), ["α + β + γ", "  + δ"]);
    assert_eq!(text_block_within(&sym("x").equals(sum.clone()), 9), ["x = α + β", "    + γ", "    + δ"]);
    assert_eq!(text_block_within(&sum.clone().equals(int(1)), 9), ["α + β + γ", "  + δ = 1"]);
    // Outside parentheses first, inside them where nothing else fits.
    let product = Math::minus(Math::prod(vec![int(2), sum]), sym("x"));
    assert_eq!(text_block_within(&product, 20), ["2·(α + β + γ + δ)", "  − x"]);
    assert_eq!(text_block_within(&product, 12), ["2·(α + β + γ", "  + δ) − x"]);
    // A term stays whole, and what follows a term that does not fit stays with it.
    assert_eq!(text_block_within(&letters(&["alpha", "beta"]), 0), ["α + β"]);
}

#[test]
fn an_aligned_chain_has_a_relation_a_line() {
    let chain = sym("J").equals(Math::ln(int(2))).then(Relation::Approx, Math::decimal("0.6931"));
    assert_eq!(latex_aligned(&chain), "\\begin{aligned}\nJ &= \\ln 2 \\\\\n&\\approx 0.6931\n\\end{aligned}");
    assert_eq!(latex_aligned(&sym("J").equals(int(1))), "J = 1");
}

#[test]
fn wide_matrices_do_not_meet_the_limit_of_pmatrix() {
    // amsmath stops at an eleventh column: MaxMatrixCols is 10 (amsmath user's guide, 4.1).
    let row = |n: i64| latex(&Math::matrix(vec![(1..=n).map(int).collect()]));
    assert!(row(10).starts_with(r"\begin{pmatrix} 1 & 2"));
    assert!(row(11).starts_with(r"\left(\begin{array}{ccccccccccc} 1 & 2"));
}

#[test]
fn words_are_escaped_for_latex() {
    assert_eq!(
        escape_latex(r"a_b & {c} 100% #1 $x^2~\"),
        r"a\_b \& \{c\} 100\% \#1 \$x\textasciicircum{}2\textasciitilde{}\textbackslash{}"
    );
    assert_eq!(escape_latex("ε ≤ 1 — so"), r"\ensuremath{\varepsilon} \ensuremath{\le} 1 --- so");
}

#[test]
fn padding_counts_columns() {
    assert_eq!(pad_left("p\u{302}", 3), "  p\u{302}");
    assert_eq!(pad_right("−1", 4), "−1  ");
    assert_eq!(pad_left("long", 2), "long");
    assert_eq!(rational_text(&ratio(-3, 4)), "−3/4");
    assert_eq!(rational_plain(&ratio(-3, 4)), "-3/4");
}

#[test]
fn odd_names_and_empty_shapes_print() {
    for name in
        ["", "_", "'", "1", "_x", "x_", "x__y", "hat", "x_hat_hat", "é", "a\\b", "x_hat_star_next_1_2''"]
    {
        for math in [sym(name), Math::apply(name, vec![]), Math::pow(sym(name), sym(name))] {
            let _ = (text(&math), plain(&math), latex(&math), text_block(&math));
        }
    }
    for math in [Math::matrix(vec![]), Math::matrix(vec![vec![]]), Math::list(vec![]), Math::sequence(vec![])]
    {
        let _ = (text(&math), plain(&math), latex(&math), text_block_within(&math, 0));
    }
}
