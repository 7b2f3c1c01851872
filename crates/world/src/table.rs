//! Records by id over a shared seed: only what changed is kept apart, so going back to the seed costs nothing.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::ops::Bound;
use std::sync::Arc;

use crate::view::View;

/// A record that knows its id and whose it is.
pub(crate) trait Record: Clone {
    /// The id, unique in its table.
    fn id(&self) -> &str;
    /// The customer it belongs to; a record of nobody answers its own id.
    fn owner(&self) -> &str;
}

/// All records of one kind. The set of ids is fixed by the seed.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    seed: Arc<Seed<T>>,
    changed: HashMap<String, Row<T>>,
}

#[derive(Debug)]
struct Seed<T> {
    rows: BTreeMap<String, Arc<T>>,
    by_owner: HashMap<String, Vec<String>>,
}

#[derive(Clone, Debug)]
struct Row<T> {
    now: Arc<T>,
    before: Arc<T>,
}

impl<T: Record> Table<T> {
    /// A table that starts with `records`, kept in their order for each owner.
    pub(crate) fn seeded(records: impl IntoIterator<Item = T>) -> Self {
        let mut rows = BTreeMap::new();
        let mut by_owner: HashMap<String, Vec<String>> = HashMap::new();
        for record in records {
            by_owner.entry(record.owner().to_owned()).or_default().push(record.id().to_owned());
            rows.insert(record.id().to_owned(), Arc::new(record));
        }
        Self { seed: Arc::new(Seed { rows, by_owner }), changed: HashMap::new() }
    }

    /// Forgets every change.
    pub(crate) fn reset(&mut self) {
        self.changed.clear();
    }

    /// The record as it is.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.changed.get(id).map(|row| &row.now).or_else(|| self.seed.rows.get(id))
    }

    /// The record as `view` shows it.
    pub(crate) fn see(&self, id: &str, view: View) -> Option<&Arc<T>> {
        let record = self.get(id)?;
        match view {
            View::Now => Some(record),
            View::Before => Some(self.changed.get(id).map_or(record, |row| &row.before)),
            View::Stranger => self.stranger_to(record),
        }
    }

    /// The ids of what `owner` has, in the seed's order; empty for an owner without records.
    pub(crate) fn owned_by(&self, owner: &str) -> &[String] {
        self.seed.by_owner.get(owner).map_or(&[], Vec::as_slice)
    }

    /// All records as they are, by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<T>> {
        self.seed.rows.iter().map(|(id, seeded)| self.changed.get(id).map_or(seeded, |row| &row.now))
    }

    /// Changes a record in one piece: what `change` refuses leaves it untouched. `None` where the id is unknown.
    pub(crate) fn change<R, E>(&mut self, id: &str, change: impl FnOnce(&mut T) -> Result<R, E>) -> Option<Result<R, E>> {
        let before = Arc::clone(self.get(id)?);
        let mut record = T::clone(&before);
        let result = change(&mut record);
        if result.is_ok() {
            self.changed.insert(id.to_owned(), Row { now: Arc::new(record), before });
        }
        Some(result)
    }

    /// Changes a record where there is one, with nothing to refuse.
    pub(crate) fn edit(&mut self, id: &str, edit: impl FnOnce(&mut T)) {
        let edit = |record: &mut T| {
            edit(record);
            Ok::<(), Infallible>(())
        };
        self.change(id, edit);
    }

    /// The next record, round the table, that belongs to somebody else.
    fn stranger_to(&self, record: &T) -> Option<&Arc<T>> {
        let after = self.seed.rows.range::<str, _>((Bound::Excluded(record.id()), Bound::Unbounded));
        let (id, _) = after.chain(&self.seed.rows).find(|(_, other)| other.owner() != record.owner())?;
        self.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Table, View};

    #[derive(Clone, Debug, PartialEq)]
    struct Card(&'static str, &'static str, u8);

    impl Record for Card {
        fn id(&self) -> &str {
            self.0
        }
        fn owner(&self) -> &str {
            self.1
        }
    }

    #[test]
    fn shows_now_before_and_a_stranger() {
        let mut table = Table::seeded([Card("1", "a", 0), Card("2", "a", 0), Card("3", "b", 0)]);
        let done = table.change("2", |card| {
            card.2 = 7;
            Ok::<_, ()>(())
        });
        assert_eq!(done, Some(Ok(())));
        assert_eq!(table.change("2", |_| Err::<(), _>("no")), Some(Err("no")));
        assert_eq!(table.see("2", View::Now).map(|c| c.2), Some(7));
        assert_eq!(table.see("2", View::Before).map(|c| c.2), Some(0));
        assert_eq!(table.see("2", View::Stranger).map(|c| c.0), Some("3"));
        assert_eq!(table.see("3", View::Stranger).map(|c| c.0), Some("1"));
        assert_eq!(table.owned_by("a"), ["1", "2"]);
        table.reset();
        assert_eq!(table.see("2", View::Now).map(|c| c.2), Some(0));
    }
}
