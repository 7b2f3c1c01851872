//! A typed yes or no to the card that was the last thing shown.

/// Short whole answers; anything longer or mixed goes to the mind.
const YES: &[&str] = &[
    "y",
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "ok",
    "okay",
    "confirm",
    "confirmed",
    "correct",
    "right",
    "please do",
    "do it",
    "go ahead",
    "go on",
    "absolutely",
    "of course",
    "that is right",
    "thats right",
    "sounds good",
    "i confirm",
    "i agree",
    "agreed",
    "ja",
    "oui",
    "si",
    "sí",
    "sim",
    "hai",
    "はい",
    "是",
    "да",
    "tak",
    "evet",
    "نعم",
];
const NO: &[&str] = &[
    "n",
    "no",
    "nope",
    "nah",
    "dont",
    "do not",
    "stop",
    "cancel that",
    "never mind",
    "nevermind",
    "not now",
    "leave it",
    "keep it",
    "i changed my mind",
    "better not",
    "rather not",
    "nein",
    "non",
    "não",
    "いいえ",
    "不",
    "нет",
    "nie",
    "hayır",
    "لا",
];
/// Words that turn a yes into something else.
const BUT: &[&str] = &["but", "not", "no", "instead", "wait", "except", "unless", "only", "also", "and", "or", "different", "change"];

/// Is it a plain yes (`Some(true)`), a plain no (`Some(false)`), or something else?
pub(crate) fn decision(text: &str) -> Option<bool> {
    let plain: String =
        text.to_lowercase().chars().filter(|c| *c != '\'' && *c != '’').map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let whole = words.join(" ");
    let polite = whole.replace(" please", "").replace("please ", "").replace(" thanks", "").replace(" thank you", "");
    if YES.contains(&whole.as_str()) || YES.contains(&polite.as_str()) {
        return Some(true);
    }
    if NO.contains(&whole.as_str()) || NO.contains(&polite.as_str()) {
        return Some(false);
    }
    let first = words.first()?;
    let short = words.len() <= 5 && !words.iter().any(|word| word.chars().any(|c| c.is_ascii_digit()));
    let mixed = words.iter().skip(1).any(|word| BUT.contains(word));
    match *first {
        "yes" | "yep" | "yeah" | "sure" | "ok" | "okay" if short && !mixed => Some(true),
        "no" | "nope" if short && !words.iter().any(|word| ["but", "yes", "instead", "other", "different"].contains(word)) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decision;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        for yes in ["yes", "Yes!", "ok", "yes please", "Yes, cancel it", "go ahead", "Sure, do it", "はい"] {
            assert_eq!(decision(yes), Some(true), "{yes}");
        }
        for no in ["no", "No, thanks.", "don't", "never mind", "no leave it"] {
            assert_eq!(decision(no), Some(false), "{no}");
        }
        for other in ["yes but not that one", "no, the other one", "yes 12345", "where is my order", "", "ok and also return the lamp"] {
            assert_eq!(decision(other), None, "{other}");
        }
    }
}
