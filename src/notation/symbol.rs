//! How a name of a sheet (`theta_y`, `x1`, `p_hat`) falls into letter, subscript and decoration lives here, with the
//! letters of each notation; no formulas.

use super::escape::escape_latex;

/// Greek letters and a few signs: the name in sheets, the letter, the LaTeX command.
const LETTERS: &[(&str, char, &str)] = &[
    ("alpha", 'α', r"\alpha"),
    ("beta", 'β', r"\beta"),
    ("gamma", 'γ', r"\gamma"),
    ("delta", 'δ', r"\delta"),
    ("epsilon", 'ε', r"\varepsilon"),
    ("zeta", 'ζ', r"\zeta"),
    ("eta", 'η', r"\eta"),
    ("theta", 'θ', r"\theta"),
    ("iota", 'ι', r"\iota"),
    ("kappa", 'κ', r"\kappa"),
    ("lambda", 'λ', r"\lambda"),
    ("mu", 'μ', r"\mu"),
    ("nu", 'ν', r"\nu"),
    ("xi", 'ξ', r"\xi"),
    ("pi", 'π', r"\pi"),
    ("rho", 'ρ', r"\rho"),
    ("sigma", 'σ', r"\sigma"),
    ("tau", 'τ', r"\tau"),
    ("upsilon", 'υ', r"\upsilon"),
    ("phi", 'φ', r"\varphi"),
    ("chi", 'χ', r"\chi"),
    ("psi", 'ψ', r"\psi"),
    ("omega", 'ω', r"\omega"),
    ("Gamma", 'Γ', r"\Gamma"),
    ("Delta", 'Δ', r"\Delta"),
    ("Theta", 'Θ', r"\Theta"),
    ("Lambda", 'Λ', r"\Lambda"),
    ("Xi", 'Ξ', r"\Xi"),
    ("Pi", 'Π', r"\Pi"),
    ("Sigma", 'Σ', r"\Sigma"),
    ("Upsilon", 'Υ', r"\Upsilon"),
    ("Phi", 'Φ', r"\Phi"),
    ("Psi", 'Ψ', r"\Psi"),
    ("Omega", 'Ω', r"\Omega"),
    ("ell", 'ℓ', r"\ell"),
    ("nabla", '∇', r"\nabla"),
    ("inf", '∞', r"\infty"),
];

/// The LaTeX command of a letter in [`LETTERS`].
pub(super) fn letter_command(letter: char) -> Option<&'static str> {
    LETTERS.iter().find(|entry| entry.1 == letter).map(|entry| entry.2)
}

/// A mark above the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accent {
    Hat,
    Bar,
    Tilde,
}

/// A mark to the upper right of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Star,
    Next,
}

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    base: String,
    accent: Option<Accent>,
    subscripts: Vec<String>,
    mark: Option<Mark>,
    primes: usize,
}

impl Name {
    /// Takes a name apart; every text is a name, the odd ones are a letter as they stand.
    pub(super) fn parse(name: &str) -> Self {
        let bare = name.trim_end_matches('\'');
        let primes = name.len() - bare.len();
        let literal =
            Self { base: bare.to_owned(), accent: None, subscripts: Vec::new(), mark: None, primes };
        let mut parts = bare.split('_');
        let first = parts.next().unwrap_or_default();
        let letter = first.trim_end_matches(|c: char| c.is_ascii_digit());
        if letter.is_empty() {
            return literal;
        }
        let mut parsed = Self { base: letter.to_owned(), ..literal.clone() };
        if let Some(digits) = first.strip_prefix(letter).filter(|digits| !digits.is_empty()) {
            parsed.subscripts.push(digits.to_owned());
        }
        for part in parts {
            match part {
                "" => return literal,
                "hat" if parsed.accent.is_none() => parsed.accent = Some(Accent::Hat),
                "bar" if parsed.accent.is_none() => parsed.accent = Some(Accent::Bar),
                "tilde" if parsed.accent.is_none() => parsed.accent = Some(Accent::Tilde),
                "star" if parsed.mark.is_none() => parsed.mark = Some(Mark::Star),
                "next" if parsed.mark.is_none() => parsed.mark = Some(Mark::Next),
                other => parsed.subscripts.push(other.to_owned()),
            }
        }
        parsed
    }

    /// Whether something stands to the upper right already, where an exponent would go.
    pub(super) fn has_superscript(&self) -> bool {
        self.mark.is_some() || self.primes > 0
    }

    /// Whether something stands to the lower right already.
    pub(super) fn has_subscript(&self) -> bool {
        !self.subscripts.is_empty()
    }

    /// The one lower-case Latin letter that this name is, if it is one.
    pub(super) fn single_letter(&self) -> Option<char> {
        let plain = self.accent.is_none() && !self.has_superscript() && !self.has_subscript();
        let mut letters = self.base.chars();
        match (plain, letters.next(), letters.next()) {
            (true, Some(letter), None) if letter.is_ascii_lowercase() => Some(letter),
            _ => None,
        }
    }

    /// For terminals: `θ_y`, `x₁`, `p̂`, `x*`, `W₂⁺`.
    pub(super) fn text(&self) -> String {
        let mut out = letter_text(&self.base);
        match self.accent {
            Some(Accent::Hat) => out.push('\u{302}'),
            Some(Accent::Bar) => out.push('\u{304}'),
            Some(Accent::Tilde) => out.push('\u{303}'),
            None => {}
        }
        // Two subscripts run together would read as one, W₁₂ for W with 1 and 2, unless a number stands by a letter: b₁ᵢ.
        match self.subscripts.as_slice() {
            [] => {}
            [single] => match subscript_text(single) {
                Some(small) => out.push_str(&small),
                None => {
                    out.push('_');
                    out.push_str(&letter_text(single));
                }
            },
            several => {
                if let Some(small) = told_apart(several) {
                    out.push_str(&small);
                    return self.marked(out);
                }
                out.push('_');
                out.push_str(&several.iter().map(|part| letter_text(part)).collect::<Vec<_>>().join(","));
            }
        }
        self.marked(out)
    }

    fn marked(&self, mut out: String) -> String {
        match self.mark {
            Some(Mark::Star) => out.push('*'),
            Some(Mark::Next) => out.push('⁺'),
            None => {}
        }
        out.push_str(&"′".repeat(self.primes));
        out
    }

    /// For LaTeX in math mode: `\theta_{y}`, `\hat{p}`, `W_{2}^{+}`.
    pub(super) fn latex(&self, upright: bool) -> String {
        let letter = letter_latex(&self.base, upright);
        let mut out = match self.accent {
            Some(Accent::Hat) => format!(r"\hat{{{letter}}}"),
            Some(Accent::Bar) => format!(r"\bar{{{letter}}}"),
            Some(Accent::Tilde) => format!(r"\tilde{{{letter}}}"),
            None => letter,
        };
        if self.has_subscript() {
            let parts: Vec<String> = self.subscripts.iter().map(|part| subscript_latex(part)).collect();
            out.push_str(&format!("_{{{}}}", parts.join(",")));
        }
        let mark = match self.mark {
            Some(Mark::Star) => r"\star",
            Some(Mark::Next) => "+",
            None => "",
        };
        let primes = r"\prime".repeat(self.primes);
        if self.has_superscript() {
            out.push_str(&format!("^{{{mark}{primes}}}"));
        }
        out
    }
}

/// The spelling that SymPy reads: letters by their names. `lambda` alone is a keyword there, and SymPy writes `lamda`.
pub(super) fn plain_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match LETTERS.iter().find(|entry| entry.1 == c) {
            Some(entry) => out.push_str(entry.0),
            None => out.push(c),
        }
    }
    match out.as_str() {
        "lambda" => "lamda".to_owned(),
        "inf" => "oo".to_owned(),
        _ => out,
    }
}

fn letter_text(base: &str) -> String {
    LETTERS.iter().find(|entry| entry.0 == base).map_or_else(|| base.to_owned(), |entry| entry.1.to_string())
}

fn letter_latex(base: &str, upright: bool) -> String {
    if let Some(entry) = LETTERS.iter().find(|entry| entry.0 == base) {
        return entry.2.to_owned();
    }
    let mut letters = base.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => {
            letter_command(letter).map_or_else(|| escape_latex(base), |command| command.to_owned())
        }
        _ if upright => format!(r"\operatorname{{{}}}", escape_latex(base)),
        _ => format!(r"\mathrm{{{}}}", escape_latex(base)),
    }
}

fn subscript_latex(part: &str) -> String {
    let short = part.chars().count() <= 2 || part.chars().all(|c| c.is_ascii_digit());
    if short && part.chars().all(|c| c.is_ascii_alphanumeric()) && !LETTERS.iter().any(|e| e.0 == part) {
        part.to_owned()
    } else {
        letter_latex(part, false)
    }
}

/// A subscript in small letters, where Unicode has all of them; words of three letters and more stay readable instead.
pub(super) fn subscript_text(part: &str) -> Option<String> {
    let digits = part.chars().all(|c| c.is_ascii_digit());
    if part.is_empty() || (!digits && part.chars().count() > 2) {
        return None;
    }
    part.chars().map(subscript_char).collect()
}

/// Several subscripts in small letters, where numbers and letters take turns.
fn told_apart(parts: &[String]) -> Option<String> {
    let number = |part: &String| part.chars().all(|c| c.is_ascii_digit());
    let turns = parts.iter().zip(parts.iter().skip(1)).all(|(a, b)| number(a) != number(b));
    if !turns {
        return None;
    }
    parts.iter().map(|part| subscript_text(part)).collect()
}

/// The small low form of a character, if Unicode has one (there is none for y, b, c, d, f, g, q, w, z).
pub(super) fn subscript_char(c: char) -> Option<char> {
    Some(match c {
        '0' => '₀',
        '1' => '₁',
        '2' => '₂',
        '3' => '₃',
        '4' => '₄',
        '5' => '₅',
        '6' => '₆',
        '7' => '₇',
        '8' => '₈',
        '9' => '₉',
        '+' => '₊',
        '−' => '₋',
        '=' => '₌',
        'a' => 'ₐ',
        'e' => 'ₑ',
        'h' => 'ₕ',
        'i' => 'ᵢ',
        'j' => 'ⱼ',
        'k' => 'ₖ',
        'l' => 'ₗ',
        'm' => 'ₘ',
        'n' => 'ₙ',
        'o' => 'ₒ',
        'p' => 'ₚ',
        'r' => 'ᵣ',
        's' => 'ₛ',
        't' => 'ₜ',
        'u' => 'ᵤ',
        'v' => 'ᵥ',
        'x' => 'ₓ',
        _ => return None,
    })
}

/// The small high form of a character, if Unicode has one. Capitals are left out: ᵀ is the transpose.
pub(super) fn superscript_char(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '−' => '⁻',
        'a' => 'ᵃ',
        'b' => 'ᵇ',
        'c' => 'ᶜ',
        'd' => 'ᵈ',
        'e' => 'ᵉ',
        'f' => 'ᶠ',
        'g' => 'ᵍ',
        'h' => 'ʰ',
        'i' => 'ⁱ',
        'j' => 'ʲ',
        'k' => 'ᵏ',
        'l' => 'ˡ',
        'm' => 'ᵐ',
        'n' => 'ⁿ',
        'o' => 'ᵒ',
        'p' => 'ᵖ',
        'r' => 'ʳ',
        's' => 'ˢ',
        't' => 'ᵗ',
        'u' => 'ᵘ',
        'v' => 'ᵛ',
        'w' => 'ʷ',
        'x' => 'ˣ',
        'y' => 'ʸ',
        'z' => 'ᶻ',
        _ => return None,
    })
}

/// The operators `grad` and `hess` before a single letter, in text and in LaTeX: ∇f, ∇²f.
pub(super) fn nabla(name: &str, arguments: &[super::Math]) -> Option<(&'static str, &'static str)> {
    match (name, arguments) {
        ("grad", [super::Math::Symbol(_)]) => Some(("∇", r"\nabla")),
        ("hess", [super::Math::Symbol(_)]) => Some(("∇²", r"\nabla^{2}")),
        _ => None,
    }
}
