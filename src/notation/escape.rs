//! Words made safe for LaTeX's text mode live here; no formulas.

use super::symbol::letter_command;

/// Words as LaTeX reads them in text mode: its special characters escaped, signs of mathematics set as such.
///
/// The result compiles under pdflatex with amsmath for ASCII, Greek letters and the signs that formulas use; other
/// characters are passed on.
#[must_use]
pub fn escape_latex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\textbackslash{}"),
            '{' | '}' | '#' | '$' | '%' | '&' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str(r"\textasciitilde{}"),
            '^' => out.push_str(r"\textasciicircum{}"),
            '<' => out.push_str(r"\textless{}"),
            '>' => out.push_str(r"\textgreater{}"),
            '|' => out.push_str(r"\textbar{}"),
            '–' => out.push_str("--"),
            '—' => out.push_str("---"),
            '…' => out.push_str(r"\ldots{}"),
            '“' => out.push_str("``"),
            '”' => out.push_str("''"),
            '‘' => out.push('`'),
            '’' => out.push('\''),
            '\u{a0}' => out.push('~'),
            _ => match sign_command(c) {
                Some(command) => out.push_str(&format!(r"\ensuremath{{{command}}}")),
                None => out.push(c),
            },
        }
    }
    out
}

fn sign_command(c: char) -> Option<&'static str> {
    if let Some(command) = letter_command(c) {
        return Some(command);
    }
    Some(match c {
        '−' => "-",
        '·' => r"\cdot",
        '×' => r"\times",
        '±' => r"\pm",
        '≤' => r"\le",
        '≥' => r"\ge",
        '≠' => r"\ne",
        '≈' => r"\approx",
        '∈' => r"\in",
        '→' => r"\to",
        '⟹' | '⇒' => r"\Rightarrow",
        '∂' => r"\partial",
        '√' => r"\surd",
        '‖' => r"\Vert",
        '½' => r"\tfrac{1}{2}",
        '′' => "{}^{\\prime}",
        'ᵀ' => r"{}^{\mathsf{T}}",
        '⁻' => "{}^{-}",
        '⁺' => "{}^{+}",
        '⁰' => "{}^{0}",
        '¹' => "{}^{1}",
        '²' => "{}^{2}",
        '³' => "{}^{3}",
        '⁴' => "{}^{4}",
        '⁵' => "{}^{5}",
        '⁶' => "{}^{6}",
        '⁷' => "{}^{7}",
        '⁸' => "{}^{8}",
        '⁹' => "{}^{9}",
        'ᵏ' => "{}^{k}",
        'ⁿ' => "{}^{n}",
        '₀' => "{}_{0}",
        '₁' => "{}_{1}",
        '₂' => "{}_{2}",
        '₃' => "{}_{3}",
        '₄' => "{}_{4}",
        '₅' => "{}_{5}",
        '₆' => "{}_{6}",
        '₇' => "{}_{7}",
        '₈' => "{}_{8}",
        '₉' => "{}_{9}",
        'ᵢ' => "{}_{i}",
        'ⱼ' => "{}_{j}",
        'ₖ' => "{}_{k}",
        'ₙ' => "{}_{n}",
        _ => return None,
    })
}
