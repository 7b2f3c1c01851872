//! How ids look: from one that is real, or from what the document says.

use crate::propose::Proposal;
use crate::yaml::quoted;
use patchbay_connect::openapi::Shape;
use std::fmt::Write;

/// The type of an object's id.
pub(super) fn of(name: &str, proposal: &Proposal<'_>, arg: &str, sample: Option<&str>) -> String {
    let shape = proposal.operation.arg(arg).map(|arg| &arg.shape);
    let (pattern, example) = match (sample, shape) {
        (Some(sample), _) => (pattern(sample), sample.to_owned()),
        (None, Some(Shape::Integer)) => ("[0-9]{1,12}".to_owned(), "12345".to_owned()),
        (None, Some(Shape::Text { format: Some(format), .. })) if format == "uuid" => {
            (UUID.to_owned(), "1b4e28ba-2fa1-41d2-883f-0016d3cca427".to_owned())
        }
        // At least one digit: otherwise every word would be an id.
        (None, _) => ("[A-Za-z_#-]{0,8}[0-9][A-Za-z0-9_-]{2,40}".to_owned(), "A-12345".to_owned()),
    };
    format!("{name}: {{ pattern: {}, example: {} }}\n", quoted(&pattern), quoted(&example))
}

const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// The form of an id, seen from one of it: digits may be other digits, everything else stays.
fn pattern(sample: &str) -> String {
    let is_uuid = sample.len() == 36
        && sample.char_indices().all(|(n, letter)| if [8, 13, 18, 23].contains(&n) { letter == '-' } else { letter.is_ascii_hexdigit() });
    if is_uuid {
        return UUID.to_owned();
    }
    // Letters and digits mixed without an order (`ord_9fK2x`) are one run after the last mark.
    let mixed = sample.rsplit(['_', '-', '#']).next().is_some_and(|last| {
        last.len() > 6
            && last.chars().filter(|letter| letter.is_ascii_digit()).count() > 0
            && last.chars().any(|letter| letter.is_ascii_lowercase())
    });
    let mark = sample.rfind(['_', '-', '#']).map_or(0, |at| at + 1);
    let (fixed, free) = if mixed { sample.split_at(mark) } else { (sample, "") };
    let mut pattern = String::new();
    let mut digits = 0_usize;
    for letter in fixed.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits += 1;
            continue;
        }
        if digits > 0 {
            let _ = write!(pattern, "[0-9]{{{},{}}}", digits.saturating_sub(1).max(1), digits + 2);
            digits = 0;
        }
        match letter {
            '\0' => {}
            letter if letter.is_alphanumeric() || letter == '_' => pattern.push(letter),
            letter => {
                pattern.push('\\');
                pattern.push(letter);
            }
        }
    }
    if !free.is_empty() {
        let _ = write!(pattern, "[A-Za-z0-9]{{{},{}}}", free.len().saturating_sub(4).max(4), free.len() + 8);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn an_id_teaches_how_its_like_look() {
        assert_eq!(pattern("12345"), "[0-9]{4,7}");
        assert_eq!(pattern("#W1234567"), "\\#W[0-9]{6,9}");
        assert_eq!(pattern("INV-2026-001"), "INV\\-[0-9]{3,6}\\-[0-9]{2,5}");
        assert_eq!(pattern("in_1MtHbELkdIwH"), "in_[A-Za-z0-9]{8,20}");
        assert_eq!(pattern("1b4e28ba-2fa1-41d2-883f-0016d3cca427"), super::UUID);
    }
}
