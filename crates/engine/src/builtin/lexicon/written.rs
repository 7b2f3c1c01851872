//! The data file of a language, as it is written: every list with what its words are for.

use super::{InTime, Utterance};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::builtin) struct Written {
    pub(super) phrases: BTreeMap<Utterance, Vec<String>>,
    /// Words that say nothing.
    pub(super) fillers: BTreeSet<String>,
    /// Words that open a correction.
    pub(super) corrections: Vec<String>,
    /// Words after which the right value comes.
    pub(super) corrected_to: Vec<String>,
    /// Words that turn what follows into its opposite.
    pub(super) negations: BTreeSet<String>,
    /// Words that open a follow-up.
    pub(super) follow_ups: Vec<String>,
    /// Words that make a clause a request.
    pub(super) requests: Vec<String>,
    /// Words without a meaning of their own that make a clause a request when it opens with them.
    pub(super) imperatives: BTreeSet<String>,
    /// Verbs of those who want to be told something.
    pub(super) informing: BTreeSet<String>,
    /// Verbs that tell what is or was, and words for those it is told of.
    pub(super) telling: BTreeSet<String>,
    /// Words that lead to a way or a place.
    pub(super) leading: BTreeSet<String>,
    /// Words that open a reason.
    pub(super) reasons: BTreeSet<String>,
    /// Words for more than one that are no numbers.
    pub(super) quantities: BTreeSet<String>,
    /// Words that make a clause a question when it opens with them.
    pub(super) questions: BTreeSet<String>,
    /// Those of them that ask for something to be told.
    pub(super) question_words: BTreeSet<String>,
    /// Words that make a question of a statement when they end it ("…, right?").
    pub(super) tags: BTreeSet<String>,
    /// Words that join two wishes.
    pub(super) joints: Vec<String>,
    /// Words that join the things of a list.
    pub(super) list_joints: Vec<String>,
    /// Words that take what follows out of a list.
    pub(super) exceptions: Vec<String>,
    /// Words for all there is, wherever they stand.
    pub(super) everything: Vec<String>,
    /// Words that take what follows out of all there is ("everything but …").
    pub(in crate::builtin) limiting: BTreeSet<String>,
    /// Words that put something in the place of what was wished for.
    pub(super) replacing: BTreeSet<String>,
    /// Words that add something to what was said.
    pub(super) additions: Vec<String>,
    /// Words that open what is wished for only where the rest is not possible.
    pub(super) fallbacks: Vec<String>,
    /// Words that open what is told before a request, up to the comma.
    pub(super) premises: Vec<String>,
    /// Short for "number", before one.
    pub(in crate::builtin) number_signs: BTreeSet<String>,
    /// Words that take something off a list.
    pub(super) removals: Vec<String>,
    /// Words by which the same is wished for once more.
    pub(super) repetitions: Vec<String>,
    /// Words that take a wish back.
    pub(super) given_up: Vec<String>,
    /// Words by which another thing of the same kind is meant.
    pub(super) others: BTreeSet<String>,
    /// Words that ask what something consists of.
    pub(super) contents: Vec<String>,
    /// Words that wish somebody a nice day, up to the day.
    pub(super) well_wishes: Vec<String>,
    /// Words of those who want undone what was done.
    pub(super) undoing: Vec<String>,
    /// Words after which a record is named that something shall be like, where they do not say "same".
    pub(super) references: Vec<String>,
    /// Words of those who tell what somebody else shall be told.
    pub(super) conveying: BTreeSet<String>,
    /// Words between whom to tell and what ("tell the driver *to* …").
    pub(super) conveyed_by: BTreeSet<String>,
    /// Verbs that say what somebody shall do.
    pub(super) obliging: BTreeSet<String>,
    /// Verbs that tell how things are.
    pub(super) describing: BTreeSet<String>,
    /// What ends a request and says nothing, with what stands before it.
    pub(super) politeness: Vec<String>,
    /// Words of those who are content with something.
    pub(super) contented: BTreeSet<String>,
    /// Words before which such a word says something else.
    pub(super) wishing: BTreeSet<String>,
    /// Words that stand for things named before.
    pub(super) pronouns: BTreeSet<String>,
    /// Words about what stays as it is.
    pub(super) keeping: BTreeSet<String>,
    /// Words before the name of a thing.
    pub(super) pointers: BTreeSet<String>,
    /// Words that speak of how something ends.
    pub(super) endings: Vec<String>,
    /// Short spellings and what they stand for.
    pub(in crate::builtin) contractions: BTreeMap<String, String>,
    /// Words without a meaning of their own.
    pub(super) function_words: BTreeSet<String>,
    /// Number words.
    pub(in crate::builtin) numbers: BTreeMap<String, i64>,
    /// Places in a list; negative ones count from the end.
    pub(in crate::builtin) ordinals: BTreeMap<String, i64>,
    /// Months in order.
    pub(in crate::builtin) months: Vec<String>,
    /// Weekdays from Monday.
    pub(in crate::builtin) weekdays: Vec<String>,
    /// Days relative to today.
    pub(in crate::builtin) days: BTreeMap<String, i64>,
    /// Everyday names of currencies.
    pub(in crate::builtin) currency_words: BTreeMap<String, String>,
    /// Words that turn a weekday to the one before today.
    pub(in crate::builtin) past: BTreeSet<String>,
    /// Words that place something in the order of time.
    pub(super) in_time: BTreeMap<InTime, Vec<String>>,
    /// Words for spans of time and the like, which such words are said of too.
    pub(super) spans_of_time: BTreeSet<String>,
    /// Parts of the day: from this hour up to that.
    pub(super) parts_of_day: BTreeMap<String, (i8, i8)>,
    /// Words before a day to which something shall be moved.
    pub(super) aiming: BTreeSet<String>,
    /// Words that tell of what is over, shortly before a weekday.
    pub(in crate::builtin) happened: BTreeSet<String>,
    /// Words before a month in which something was.
    pub(super) dating: BTreeSet<String>,
    /// Spans in which days are counted, with how many each has.
    pub(in crate::builtin) spans_of_days: BTreeMap<String, i64>,
    /// Words that count them back from today, after the span …
    pub(in crate::builtin) counting_back: BTreeSet<String>,
    /// … and on from today, before it.
    pub(in crate::builtin) counting_on: BTreeSet<String>,
    /// Words that stand for one of several things.
    pub(super) ones: BTreeSet<String>,
}
