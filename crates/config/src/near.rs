//! The nearest right name: what somebody most likely meant by a misspelt one.

/// The candidate nearest to `word`, if one is near enough to be meant: at most a third of its letters differ.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(steps, candidate)| *steps <= allowed || begins(&word, candidate))
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate.to_owned())
}

/// Is one the beginning of the other (`desc` for `describe`)?
fn begins(word: &str, candidate: &str) -> bool {
    word.len() >= 3 && candidate.len() >= 3 && (candidate.starts_with(word) || word.starts_with(candidate))
}

/// How many letters have to be changed, added, dropped or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let change = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut steps = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                steps = steps.min(rows[i - 2][j - 2] + 1);
            }
            row.push(steps);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_find_their_word_and_strangers_do_not() {
        let keys = ["guard", "allow", "describe", "idempotency"];
        assert_eq!(nearest("gaurd", keys).as_deref(), Some("guard"));
        assert_eq!(nearest("Allow", keys).as_deref(), Some("allow"));
        assert_eq!(nearest("description", keys), None);
        assert_eq!(nearest("desc", keys).as_deref(), Some("describe"));
        assert_eq!(nearest("colour", keys), None);
    }
}
