//! The signs that people write and tables print become the signs of the grammar here: √5, ½, x², x₁, δᵢ, ⎡1⎤. Each byte
//! knows where it stood in the text, so that an error still points at what was written. What a text means is not known.

use std::ops::Range;

/// A text in the signs of the grammar.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    /// The text.
    pub(super) text: String,
    /// Where each of its bytes stood, and at last the length of what was written.
    places: Vec<usize>,
}

impl Plain {
    /// Puts a text into the signs of the grammar. `knows` tells which names there are, as x₁ may be `x1` or `x_1`.
    pub(super) fn of(written: &str, knows: impl Fn(&str) -> bool) -> Self {
        let mut plain =
            Writer { text: String::with_capacity(written.len()), places: Vec::new(), root: false };
        let mut rest = written.char_indices().peekable();
        // A Greek letter was just spelled out, and a letter right after it is another name.
        let mut spelled = false;
        while let Some((at, c)) = rest.next() {
            let run = |rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
                       sign: fn(char) -> Option<char>| {
                let mut found = String::new();
                while let Some((_, next)) = rest.peek().and_then(|(i, c)| Some((i, sign(*c)?))) {
                    found.push(next);
                    rest.next();
                }
                found
            };
            let was_spelled = std::mem::take(&mut spelled);
            if let Some(first) = raised(c) {
                plain.end_root(at);
                let exponent = format!("{first}{}", run(&mut rest, raised));
                let bare = exponent.chars().all(|c| c.is_ascii_digit());
                plain.push(&if bare { format!("^{exponent}") } else { format!("^({exponent})") }, at);
            } else if let Some(first) = lowered(c) {
                let index = format!("{first}{}", run(&mut rest, lowered));
                let name = plain.last_name();
                let (joined, apart) = (format!("{name}{index}"), format!("{name}_{index}"));
                let digits = index.chars().all(|c| c.is_ascii_digit());
                let is_apart = knows(&apart) || !(digits || knows(&joined));
                plain.push(&if is_apart { format!("_{index}") } else { index }, at);
            } else if let Some(name) = greek(c) {
                plain.apart(at);
                plain.push(name, at);
                spelled = true;
            } else if let Some(fraction) = fraction(c) {
                plain.push(&format!("({fraction})"), at);
            } else {
                if was_spelled && c.is_ascii_alphanumeric() {
                    plain.push(" ", at);
                }
                if !(c.is_alphanumeric() || matches!(c, '_' | '.')) {
                    plain.end_root(at);
                }
                match c {
                    '√' => {
                        while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                        plain.apart(at);
                        let bracketed = rest.peek().is_some_and(|(_, c)| *c == '(');
                        plain.push(if bracketed { "sqrt" } else { "sqrt(" }, at);
                        plain.root = !bracketed;
                    }
                    '⎡' | '⎢' | '⎣' => plain.push("[", at),
                    '⎤' | '⎥' | '⎦' => plain.push("]", at),
                    '⁄' | '∕' => plain.push("/", at),
                    c => plain.push(c.encode_utf8(&mut [0; 4]), at),
                }
            }
        }
        plain.end_root(written.len());
        plain.places.push(written.len());
        Self { text: plain.text, places: plain.places }
    }

    /// Where a part of this text stood in what was written.
    pub(super) fn original(&self, part: &Range<usize>) -> Range<usize> {
        let length = self.places.last().copied().unwrap_or(0);
        let at = |i: usize| self.places.get(i).copied().unwrap_or(length);
        let (start, end) = (at(part.start), at(part.end));
        if end > start || part.is_empty() {
            return start..end.max(start);
        }
        // All of it was one sign, which ends where the next one stands.
        let next = self.places.iter().skip(part.end).find(|place| **place > start);
        start..next.copied().unwrap_or(length)
    }
}

struct Writer {
    text: String,
    places: Vec<usize>,
    /// A root without brackets is open.
    root: bool,
}

impl Writer {
    fn push(&mut self, part: &str, at: usize) {
        self.text.push_str(part);
        self.places.extend(std::iter::repeat_n(at, part.len()));
    }

    fn end_root(&mut self, at: usize) {
        if std::mem::take(&mut self.root) {
            self.push(")", at);
        }
    }

    /// Keeps a name that follows apart from one that stands before it.
    fn apart(&mut self, at: usize) {
        if self.text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            self.push(" ", at);
        }
    }

    /// The name that the text ends with.
    fn last_name(&self) -> &str {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let front = self.text.trim_end_matches(name);
        self.text.get(front.len()..).unwrap_or("").trim_start_matches(|c: char| c.is_ascii_digit())
    }
}

/// The sign on the line that a raised one stands for.
fn raised(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(u32::from(c).checked_sub(u32::from('⁰'))?, 10)?,
        '⁻' => '-',
        'ⁿ' => 'n',
        _ => return None,
    })
}

/// The sign on the line that a lowered one stands for.
fn lowered(c: char) -> Option<char> {
    Some(match c {
        '₀'..='₉' => char::from_digit(u32::from(c).checked_sub(u32::from('₀'))?, 10)?,
        'ₐ' => 'a',
        'ₑ' => 'e',
        'ₕ' => 'h',
        'ᵢ' => 'i',
        'ⱼ' => 'j',
        'ₖ' => 'k',
        'ₗ' => 'l',
        'ₘ' => 'm',
        'ₙ' => 'n',
        'ₒ' => 'o',
        'ₚ' => 'p',
        'ᵣ' => 'r',
        'ₛ' => 's',
        'ₜ' => 't',
        'ᵤ' => 'u',
        'ᵥ' => 'v',
        'ₓ' => 'x',
        _ => return None,
    })
}

fn fraction(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅕' => "1/5",
        '⅖' => "2/5",
        '⅗' => "3/5",
        '⅘' => "4/5",
        '⅙' => "1/6",
        '⅚' => "5/6",
        '⅐' => "1/7",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        '⅑' => "1/9",
        '⅒' => "1/10",
        _ => return None,
    })
}

/// The name by which sheets spell a Greek letter.
fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' | 'ϵ' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'κ' => "kappa",
        'λ' => "lambda",
        'μ' | 'µ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'π' => "pi",
        'ρ' => "rho",
        'σ' => "sigma",
        'τ' => "tau",
        'φ' | 'ϕ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_those_of_the_grammar_and_keep_their_places() {
        let knows = |name: &str| matches!(name, "x1" | "x2" | "d_k" | "W_1");
        for (written, want) in [
            ("3/2 − √5/2", "3/2 − sqrt(5)/2"),
            ("√(1 + e)", "sqrt(1 + e)"),
            ("2·√ 3", "2·sqrt(3)"),
            ("√dₖ", "sqrt(d_k)"),
            ("√½²", "sqrt((1/2))^2"),
            ("10·x₁² − x₂", "10·x1^2 − x2"),
            ("pᵢ − δᵢ", "p_i − delta_i"),
            ("W₁", "W_1"),
            ("q₁", "q1"),
            ("2μ²σ", "2 mu^2 sigma"),
            ("μσ", "mu sigma"),
            ("μx", "mu x"),
            ("e³³³", "e^333"),
            ("10⁻³", "10^(-3)"),
            ("½", "(1/2)"),
            ("⎡1  0⎤ ⎣0  1⎦", "[1  0] [0  1]"),
            ("0.5", "0.5"),
            ("√", "sqrt()"),
            ("", ""),
        ] {
            let plain = Plain::of(written, knows);
            assert_eq!(plain.text, want);
            assert_eq!(plain.original(&(0..plain.text.len())), 0..written.len(), "{written}");
        }
        let plain = Plain::of("2 − √q/2", knows);
        let at = plain.text.rfind('q').unwrap_or(0);
        assert_eq!(plain.original(&(at..at + 1)), 9..10);
        let plain = Plain::of("1 + ½", knows);
        assert_eq!(plain.original(&(5..6)), 4..6);
    }
}
