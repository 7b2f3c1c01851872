//! Names of files, made safe to show and to save. They never become a path of ours.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest name, in characters.
const LONGEST: usize = 120;
/// The longest ending that is kept when a name is cut.
const LONGEST_ENDING: usize = 10;
/// Names that are devices on some systems, whatever follows the dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name that can be shown and saved anywhere: no folders, no line breaks, no marks that turn the direction of writing, not too
/// long, never empty.
#[must_use]
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.nfc().filter_map(shown).collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let plain = words.join(" ");
    // A leading dot hides a file, a closing one is dropped by some systems.
    let plain = plain.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let short = shorten(plain);
    let stem = short.split('.').next().unwrap_or_default().trim_end_matches(|digit: char| digit.is_ascii_digit()).to_ascii_lowercase();
    match short.as_str() {
        "" => "file".to_owned(),
        _ if DEVICES.contains(&stem.as_str()) => format!("_{short}"),
        _ => short,
    }
}

/// The ending of a name, in lower case: `pdf`. None where it has none.
pub(crate) fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then(|| ending.to_lowercase())
}

/// What stands for a character; nothing for those that are not seen.
fn shown(character: char) -> Option<char> {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, Surrogate, Unassigned};
    match character {
        // Scripts and signs are joined by these.
        '\u{200c}' | '\u{200d}' => Some(character),
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        '\t' | '\n' | '\r' => Some(' '),
        _ => match character.general_category() {
            LineSeparator | ParagraphSeparator => Some(' '),
            Control | Format | PrivateUse | Surrogate | Unassigned => None,
            _ => Some(character),
        },
    }
}

/// Cuts a long name in the middle, so that its ending stays.
fn shorten(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = ending(name).filter(|ending| ending.chars().count() <= LONGEST_ENDING).map(|ending| format!(".{ending}"));
    let ending = ending.unwrap_or_default();
    let room = LONGEST - ending.chars().count() - 1;
    let stem: String = name.chars().take(room).collect();
    format!("{}…{ending}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_could_deceive() {
        for (sent, cleaned) in [
            ("receipt.pdf", "receipt.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\mika\\foto 1.JPG", "foto 1.JPG"),
            ("invoice\r\nSet-Cookie: a=b.pdf", "invoice Set-Cookie_ a=b.pdf"),
            ("\u{202e}fdp.exe", "fdp.exe"),
            ("a\u{2066}b\u{200b}c\u{feff}.png", "abc.png"),
            (".htaccess", "htaccess"),
            ("nul.txt", "_nul.txt"),
            ("COM1", "_COM1"),
            ("completed.txt", "completed.txt"),
            ("cafe\u{301}.png", "café.png"),
            ("領収書.pdf", "領収書.pdf"),
            ("", "file"),
            ("..", "file"),
            ("a\u{0}b.png", "ab.png"),
            ("what?*<>|\".txt", "what______.txt"),
        ] {
            assert_eq!(clean(sent), cleaned, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let cleaned = clean(&format!("{}.pdf", "x".repeat(1_000)));
        assert_eq!((cleaned.chars().count(), cleaned.ends_with("….pdf")), (LONGEST, true));
        assert_eq!(clean(&"ü".repeat(1_000)).chars().count(), LONGEST);
    }
}
