//! Values for several things in one list ("M, blue; 2 litres, glass"): which of them belong to which thing.

use super::naming::cut;
use super::thing::Thing;
use super::tokens::Token;
use std::collections::BTreeSet;

/// With more things than this nobody lists their values in any order.
const ANY_ORDER: usize = 4;
/// What a piece that is no value of a thing costs, and what one costs that says another value of the same option.
const FOREIGN: i64 = 2;

/// The pieces of a text shared out among things, so that each gets a run of pieces that fits best; the same number of lists as
/// things. All of it is about the one that was asked for, unless a list for all of them fits better.
pub(super) fn share(text: &str, things: &[&Thing], asked: Option<usize>) -> Vec<Vec<Vec<Token>>> {
    let pieces = cut(text, things.iter().copied());
    let mut best: Option<(i64, Vec<Vec<Vec<Token>>>)> = asked.filter(|&asked| asked < things.len()).map(|asked| {
        let mut shares = vec![Vec::new(); things.len()];
        shares[asked].clone_from(&pieces);
        (fit(&pieces, things[asked]), shares)
    });
    for order in orders(things.len()) {
        let ordered: Vec<&Thing> = order.iter().map(|&n| things[n]).collect();
        let (score, cuts) = run(&pieces, &ordered);
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            let mut shares = vec![Vec::new(); things.len()];
            for (place, &thing) in order.iter().enumerate() {
                shares[thing] = pieces[cuts[place]..cuts[place + 1]].to_vec();
            }
            best = Some((score, shares));
        }
    }
    best.map(|(_, shares)| shares).unwrap_or_default()
}

/// The best cuts for things in this order.
fn run(pieces: &[Vec<Token>], things: &[&Thing]) -> (i64, Vec<usize>) {
    let n = pieces.len();
    // For each number of things so far and pieces so far: the best score, and where the last thing's run begins.
    let mut table = vec![vec![(i64::MIN / 2, 0_usize); n + 1]; things.len() + 1];
    table[0][0] = (0, 0);
    for (k, thing) in things.iter().enumerate() {
        for to in 0..=n {
            for from in 0..=to {
                let score = table[k][from].0 + fit(&pieces[from..to], thing);
                if score > table[k + 1][to].0 {
                    table[k + 1][to] = (score, from);
                }
            }
        }
    }
    let mut cuts = vec![n];
    let mut to = n;
    for k in (1..=things.len()).rev() {
        to = table[k][to].1;
        cuts.push(to);
    }
    cuts.reverse();
    (table[things.len()][n].0, cuts)
}

/// How well pieces fit one thing: options named once are good, options named twice and pieces that name none are bad.
fn fit(pieces: &[Vec<Token>], thing: &Thing) -> i64 {
    let (mut named, mut score) = (BTreeSet::new(), 0);
    for piece in pieces {
        let mentions = thing.mentions(piece, true);
        if mentions.is_empty() {
            score -= FOREIGN;
        }
        for mention in mentions {
            score += if named.insert(mention.option) { 2 } else { -FOREIGN };
        }
    }
    score
}

/// The orders things may come in: their own first.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n > ANY_ORDER {
        return vec![(0..n).collect()];
    }
    let mut all = vec![Vec::new()];
    for _ in 0..n {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..n).filter(|next| !order.contains(next)).map(|next| [order.clone(), vec![next]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    all
}
