//! Messages as hurried people type them: two letters exchanged, one lost, doubled or hit beside, always the same ones.

use crate::data::hash;

/// The text with so many slips in words of four letters and more.
pub(crate) fn slipped(text: &str, slips: u64) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for slip in 0..slips {
        let long = |word: &String| word.len() >= 4 && word.bytes().all(|letter| letter.is_ascii_alphabetic());
        let places: Vec<usize> = (0..words.len()).filter(|place| long(&words[*place])).collect();
        let chance = hash(text, 77 + slip);
        let Some(place) = places.get((chance % places.len().max(1) as u64) as usize) else { break };
        words[*place] = with_slip(&words[*place], chance >> 8);
    }
    words.join(" ")
}

fn with_slip(word: &str, chance: u64) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + (chance % (letters.len() as u64 - 2)) as usize;
    match chance >> 8 & 3 {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + (chance >> 16) as u8 % 26),
    }
    letters.into_iter().collect()
}
