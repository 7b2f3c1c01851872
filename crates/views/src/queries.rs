//! What is asked of the views. Lists are given in pages: ask again with the cursor of the last row.

use crate::ViewsError;
use crate::file::position;
use crate::rows::{ActionRow, CallRow, ConversationRow, EscalationRow, FromRow, Skipped, TurnRow};
use patchbay_core::log::Position;
use patchbay_store::schema::open_to_read;
use rusqlite::{Connection, Params, params};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The views, for reading. Cheap to clone.
#[derive(Clone)]
pub struct Views {
    views: Arc<Mutex<Connection>>,
}

/// Which conversations are wanted; all, by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this customer.
    pub customer: Option<String>,
    /// Of this channel.
    pub channel: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
}

impl Views {
    /// Opens the file that the projector writes.
    ///
    /// # Errors
    /// When there is none yet.
    pub fn open(path: &Path) -> Result<Self, ViewsError> {
        Ok(Self { views: Arc::new(Mutex::new(open_to_read(path)?)) })
    }

    /// How far the views are.
    ///
    /// # Errors
    /// When the file cannot be read; so for all queries.
    pub async fn position(&self) -> Result<Position, ViewsError> {
        self.read(position).await
    }

    /// One conversation.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn conversation(&self, id: String) -> Result<Option<ConversationRow>, ViewsError> {
        Ok(self.read(move |views| rows(views, "conversations WHERE id = ?1", [id])).await?.pop())
    }

    /// Conversations opened after a cursor, oldest first: for exports and whoever follows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn conversations_after(&self, filter: Filter, after: u64, limit: usize) -> Result<Vec<ConversationRow>, ViewsError> {
        self.read(move |views| conversations(views, &filter, "opened > ?5 ORDER BY opened", int(after), limit)).await
    }

    /// Conversations opened before a cursor (`None`: the newest), newest first: for people.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn conversations_before(
        &self,
        filter: Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<ConversationRow>, ViewsError> {
        let before = before.map_or(i64::MAX, int);
        self.read(move |views| conversations(views, &filter, "opened < ?5 ORDER BY opened DESC", before, limit)).await
    }

    /// The turns of a conversation, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn turns(&self, conversation: String) -> Result<Vec<TurnRow>, ViewsError> {
        self.read(|views| rows(views, "turns WHERE conversation = ?1 ORDER BY opened", [conversation])).await
    }

    /// The calls of a conversation, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn calls(&self, conversation: String) -> Result<Vec<CallRow>, ViewsError> {
        self.read(|views| rows(views, "calls WHERE conversation = ?1 ORDER BY started", [conversation])).await
    }

    /// All calls that started after a cursor, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn calls_after(&self, after: u64, limit: usize) -> Result<Vec<CallRow>, ViewsError> {
        self.read(move |views| rows(views, "calls WHERE started > ?1 ORDER BY started LIMIT ?2", [int(after), int(limit as u64)])).await
    }

    /// The writes of a conversation, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn actions(&self, conversation: String) -> Result<Vec<ActionRow>, ViewsError> {
        self.read(|views| rows(views, "actions WHERE conversation = ?1 ORDER BY proposed", [conversation])).await
    }

    /// The ways of a conversation to a person, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn escalations(&self, conversation: String) -> Result<Vec<EscalationRow>, ViewsError> {
        self.read(|views| rows(views, "escalations WHERE conversation = ?1 ORDER BY position", [conversation])).await
    }

    /// All ways to a person after a cursor, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn escalations_after(&self, after: u64, limit: usize) -> Result<Vec<EscalationRow>, ViewsError> {
        self.read(move |views| rows(views, "escalations WHERE position > ?1 ORDER BY position LIMIT ?2", [int(after), int(limit as u64)]))
            .await
    }

    /// The events that could not be taken in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn skipped(&self) -> Result<Vec<Skipped>, ViewsError> {
        self.read(|views| rows(views, "skipped ORDER BY position", [])).await
    }

    /// SQLite works on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ViewsError> {
        let views = Arc::clone(&self.views);
        let found = tokio::task::spawn_blocking(move || query(&views.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(found.await.map_err(|_| ViewsError::Ending)??)
    }
}

fn conversations(views: &Connection, filter: &Filter, range: &str, cursor: i64, limit: usize) -> rusqlite::Result<Vec<ConversationRow>> {
    let wanted = "conversations WHERE (?1 IS NULL OR customer = ?1) AND (?2 IS NULL OR channel = ?2)
                  AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR outcome = ?4)";
    let Filter { customer, channel, state, outcome } = filter;
    let params = params![customer, channel, state, outcome, cursor, int(limit as u64)];
    rows(views, &format!("{wanted} AND {range} LIMIT ?6"), params)
}

/// All rows of what stands after `FROM`.
pub(crate) fn rows<T: FromRow>(views: &Connection, from: &str, params: impl Params) -> rusqlite::Result<Vec<T>> {
    let mut select = views.prepare_cached(&format!("SELECT {} FROM {from}", T::COLUMNS))?;
    select.query_map(params, T::read)?.collect()
}

/// A cursor or a limit as SQLite takes it.
pub(crate) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
