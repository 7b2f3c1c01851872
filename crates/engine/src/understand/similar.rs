//! Which of a few things somebody means: "the black kettle" among the lines of an order.

use serde::Serialize;

use super::Embed;
use super::wording::words;

/// The best candidate is clear when it leads by this much …
const LEAD: f32 = 0.1;
/// … and is at least this like what was said.
const LIKE: f32 = 0.35;

/// How well a candidate fits.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Match {
    /// Which candidate, counted from zero.
    pub candidate: usize,
    /// 0 to about 1.
    pub score: f32,
    /// How much of what was said stands in the candidate, rare words counting more.
    pub words: f32,
    /// The cosine of the meanings, when an encoder was at hand.
    pub meaning: Option<f32>,
}

/// All candidates, best first.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Matches(pub Vec<Match>);

impl Matches {
    /// The candidate that is meant beyond doubt.
    pub fn clear(&self) -> Option<usize> {
        let (best, rest) = self.0.split_first()?;
        let second = rest.first().map_or(0.0, |second| second.score);
        (best.score >= LIKE && best.score >= second + LEAD).then_some(best.candidate)
    }

    /// The candidates that may be meant: all that are nearly as like as the best.
    pub fn likely(&self) -> impl Iterator<Item = usize> {
        let best = self.0.first().map_or(0.0, |best| best.score);
        self.0.iter().take_while(move |other| other.score > best - LEAD && other.score >= LIKE / 2.0).map(|other| other.candidate)
    }
}

/// Compares what was said with short descriptions. Words count when they are equal, inflected or misspelt; a word that
/// sets candidates apart counts more than one that all or none of them have.
pub fn similar<T: AsRef<str>>(said: &str, candidates: &[T], embed: Option<&dyn Embed>) -> Matches {
    let stems = |text: &str| -> Vec<String> { words(&text.to_lowercase()).map(stem).collect() };
    let described: Vec<Vec<String>> = candidates.iter().map(|candidate| stems(candidate.as_ref())).collect();
    let mut covered = vec![0.0; candidates.len()];
    let mut total = 0.0;
    for word in stems(said) {
        let found: Vec<f32> = described.iter().map(|words| words.iter().map(|other| likeness(&word, other)).fold(0.0, f32::max)).collect();
        let telling = telling(&found);
        total += telling;
        covered.iter_mut().zip(found).for_each(|(covered, found)| *covered += telling * found);
    }
    let said = embed.map(|embed| embed.embed(said));
    let score = |(candidate, covered): (usize, f32)| {
        let words = if total > 0.0 { covered / total } else { 0.0 };
        let meaning = embed.zip(said.as_ref()).map(|(embed, said)| embed.embed(candidates[candidate].as_ref()).cosine(said));
        let score = meaning.map_or(words, |meaning| 0.6 * words + 0.4 * meaning.max(0.0));
        Match { candidate, score, words, meaning }
    };
    let mut matches: Vec<Match> = covered.into_iter().enumerate().map(score).collect();
    matches.sort_by(|a, b| b.score.total_cmp(&a.score));
    Matches(matches)
}

/// What a word counts that is found to these degrees: little when it is nowhere, less the more candidates have it.
fn telling(found: &[f32]) -> f32 {
    let having: f32 = found.iter().sum();
    match having {
        0.0 => 0.15,
        _ => 0.3 + (found.len() as f32 / having.max(1.0)).ln(),
    }
}

/// 1 for equal words, less for words that share most of their letters' runs, 0 for different ones.
fn likeness(a: &str, b: &str) -> f32 {
    if a == b {
        return 1.0;
    }
    let digits = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if digits(a) || digits(b) || a.chars().count().min(b.chars().count()) < 4 {
        return 0.0;
    }
    let pairs = |word: &str| -> Vec<(char, char)> {
        let letters = || std::iter::once(' ').chain(word.chars());
        letters().zip(letters().skip(1)).collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let shared = a.iter().filter(|pair| b.iter().position(|other| other == *pair).map(|at| b.swap_remove(at)).is_some()).count();
    let share = 2.0 * shared as f32 / all as f32;
    if share >= 0.65 { share } else { 0.0 }
}

/// A word without the endings that English words take on in sentences.
fn stem(word: &str) -> String {
    let keeps = |rest: &&str| rest.chars().count() >= 3;
    for (ending, instead) in [("ies", "y"), ("sses", "ss"), ("ling", "l"), ("ing", ""), ("led", "l"), ("ed", ""), ("es", ""), ("s", "")] {
        if let Some(rest) = word.strip_suffix(ending).filter(keeps)
            && !(ending == "s" && rest.ends_with('s'))
        {
            return format!("{}{instead}", rest.strip_suffix('e').unwrap_or(rest));
        }
    }
    word.strip_suffix('e').filter(keeps).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: [&str; 5] = [
        "Electric Kettle, black, 1.7 L",
        "Electric Kettle, white, 1 L",
        "Headphones, over-ear, noise-cancelling",
        "Headphones, wired",
        "Desk Lamp",
    ];

    #[test]
    fn finds_what_is_meant() {
        for (said, meant) in [
            ("the black kettle", Some(0)),
            ("the noise canceling ones", Some(2)),
            ("that lamp please", Some(4)),
            ("wired headphone", Some(3)),
            ("the white one", Some(1)),
            ("the ketle in blck", Some(0)),
            ("the kettle", None),
            ("a bicycle", None),
            ("", None),
        ] {
            let matches = similar(said, &ORDER, None);
            assert_eq!(matches.clear(), meant, "{said}: {matches:?}");
        }
    }

    #[test]
    fn offers_those_that_fit_alike() {
        let mut likely: Vec<usize> = similar("my kettle", &ORDER, None).likely().collect();
        likely.sort_unstable();
        assert_eq!(likely, [0, 1]);
        assert_eq!(similar("anything", &[""; 0], None).likely().count(), 0);
    }

    #[test]
    fn numbers_are_equal_or_different() {
        let matches = similar("order 1234", &["order 1234", "order 1243"], None);
        assert_eq!(matches.clear(), Some(0));
    }
}
