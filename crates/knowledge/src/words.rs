//! The words of a text that carry meaning, without the endings they take on in sentences.

/// English words that tell nothing about what is asked; in other languages rarity alone does this work.
const FUNCTION_WORDS: &str = " a about am an and any are as at be been but by can could did do does doing for from get had has have having \
    he her his how i if in into is it its just may me my of on or our please she should so some that the their them then there these they \
    this those to us was we were what when where which who whom whose why will with would you your hello hi dear thanks thank want need like ";

/// The words that carry meaning, in order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’'], "");
    let runs = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    runs.filter(|word| !FUNCTION_WORDS.contains(&format!(" {word} "))).map(stem).collect()
}

/// A word without its most common endings; what is cut off need not be grammatical, only the same for all forms.
fn stem(word: &str) -> String {
    let keeps = |rest: &&str| rest.chars().count() >= 3;
    for (ending, instead) in [("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")] {
        if let Some(rest) = word.strip_suffix(ending).filter(keeps)
            && !(ending == "s" && rest.ends_with('s'))
        {
            return match instead {
                "" => undoubled(rest.strip_suffix('e').filter(keeps).unwrap_or(rest)).to_owned(),
                _ => format!("{rest}{instead}"),
            };
        }
    }
    word.strip_suffix('e').filter(keeps).unwrap_or(word).to_owned()
}

/// `shipp` of "shipped" → `ship`.
fn undoubled(rest: &str) -> &str {
    let mut letters = rest.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(last), Some(before)) if last == before && !"lsz".contains(last) && rest.len() > 3 => &rest[..rest.len() - last.len_utf8()],
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one() {
        for forms in
            [["returns", "return"], ["shipped", "shipping"], ["deliveries", "delivery"], ["changing", "change"], ["addresses", "address"]]
        {
            assert_eq!(words(forms[0]), words(forms[1]), "{forms:?}");
        }
        assert_eq!(words("How can I reach YOU?"), ["reach"]);
    }
}
