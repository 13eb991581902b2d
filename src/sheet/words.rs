//! How names from a sheet are shown in a message, and which known word an unknown one is nearest to.

/// The longest name that is shown in full, in characters.
const MAX_SHOWN: usize = 60;

/// A name between backticks: control characters escaped, a long one cut.
#[must_use]
pub fn shown(name: &str) -> String {
    let mut text = String::from("`");
    for (count, character) in name.chars().enumerate() {
        if count == MAX_SHOWN {
            text.push('…');
            break;
        }
        if is_unprintable(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    text.push('`');
    text
}

/// Characters that would move the cursor or turn the direction of writing.
pub(super) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The known word nearest to an unknown one, if any is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Beyond this length nobody mistypes a field, and the distance costs the product of the lengths.
    if word.len() > 100 {
        return None;
    }
    let folded = fold(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let target = fold(candidate);
        let distance = strsim::damerau_levenshtein(&folded, &target);
        let longest = folded.chars().count().max(target.chars().count());
        if distance <= longest / 3 && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Case, `-` and `_` do not count as differences.
fn fold(word: &str) -> String {
    word.to_lowercase().replace(['-', '_', ' '], "")
}

/// `a`, `b` and `c`, each between backticks.
#[must_use]
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| shown(word)).collect();
    match quoted.split_last() {
        None => String::from("none"),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
