//! The projector follows the log and is the only writer of the views; a rebuild is the same work into a new file.

use crate::facts::{Facts, Rules};
use crate::file::{beside, open, position, remove, swap};
use crate::{ViewsError, project};
use patchbay_core::event::Recorded;
use patchbay_core::log::{LogError, Position};
use patchbay_core::port::Log;
use rusqlite::{Connection, ErrorCode};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How many events are folded in one transaction.
const PAGE: usize = 500;

/// So long after a fold begins the next one at the earliest, unless there is more than a page: what is written meanwhile comes
/// together, and a busy log is folded in a few transactions instead of one for every write. After quiet it begins at once.
const BREATH: Duration = Duration::from_millis(50);

/// How long the projector waits after something went wrong.
const PAUSE: Duration = Duration::from_secs(1);

/// How many unreadable events in a row are believed to be just that; more look like a log that cannot be read at all.
const UNREADABLE: u64 = 100;

/// Folds the log into the views.
pub struct Projector {
    path: PathBuf,
    rules: Arc<Rules>,
    views: Arc<Mutex<Connection>>,
    reached: watch::Sender<Position>,
}

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The last event that was folded.
    pub position: Position,
    /// How many events could not be read and were skipped.
    pub skipped: u64,
}

/// What was read of the log: events, or one that cannot be read.
enum Page {
    Events(Vec<Recorded>),
    Unreadable(Position, String),
}

impl Projector {
    /// Opens the file of the views; begins it anew when it is missing, damaged or of another version. Conversations are judged
    /// by these rules.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: &Path, rules: Rules) -> Result<Self, ViewsError> {
        let views = open(path, &rules)?;
        let (reached, _) = watch::channel(position(&views)?);
        Ok(Self { path: path.to_owned(), rules: Arc::new(rules), views: Arc::new(Mutex::new(views)), reached })
    }

    /// How far the views are, to look at and to wait for.
    #[must_use]
    pub fn reached(&self) -> watch::Receiver<Position> {
        self.reached.subscribe()
    }

    /// Follows the log until `stop`. What goes wrong is logged and tried again.
    pub async fn run(&self, log: &dyn Log, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let followed = async {
                self.check(log).await?;
                loop {
                    let reached = self.catch_up(log).await?;
                    let breath = tokio::time::sleep(BREATH);
                    log.grown_past(reached).await;
                    breath.await;
                }
            };
            let failed: Result<(), ViewsError> = tokio::select! {
                () = &mut stop => return,
                failed = followed => failed,
            };
            if let Err(error) = failed {
                tracing::error!(path = %self.path.display(), %error, "the views fall behind; trying again");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Folds everything the log has now. Says how far the views are then.
    ///
    /// # Errors
    /// When the log or the views cannot be used.
    pub async fn catch_up(&self, log: &dyn Log) -> Result<Position, ViewsError> {
        loop {
            let before = *self.reached.borrow();
            let page = read(log, before).await?;
            if matches!(&page, Page::Events(events) if events.is_empty()) {
                return Ok(before);
            }
            let rules = Arc::clone(&self.rules);
            let reached = self.with_views(move |views| fold(views, &page, &rules)).await?;
            self.reached.send_replace(reached);
        }
    }

    /// Begins anew when the views are ahead of their log: it was restored from an older copy.
    async fn check(&self, log: &dyn Log) -> Result<(), ViewsError> {
        let reached = *self.reached.borrow();
        if reached.0 == 0 || !matches!(read(log, Position(reached.0 - 1)).await?, Page::Events(events) if events.is_empty()) {
            return Ok(());
        }
        tracing::warn!(path = %self.path.display(), position = reached.0, "the views are ahead of the log and are built anew");
        self.with_views(clear).await?;
        self.reached.send_replace(Position(0));
        Ok(())
    }

    /// SQLite works on a thread that may block.
    async fn with_views<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, ViewsError> + Send + 'static,
    ) -> Result<T, ViewsError> {
        let views = Arc::clone(&self.views);
        let done = tokio::task::spawn_blocking(move || work(&mut views.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.map_err(|_| ViewsError::Ending)?
    }

    fn skipped(&self) -> Result<u64, ViewsError> {
        let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped: i64 = views.query_row("SELECT count(*) FROM skipped", [], |row| row.get(0))?;
        Ok(skipped.unsigned_abs())
    }
}

/// Builds the views anew beside the old ones and swaps them in as a whole. The projector must not run meanwhile.
///
/// # Errors
/// When the log or the new file cannot be used; the old views are then as they were.
pub async fn rebuild(log: &dyn Log, path: &Path, rules: Rules, mut progress: impl FnMut(Progress)) -> Result<Progress, ViewsError> {
    let new = beside(path, ".new");
    remove(&new)?;
    let projector = Projector::open(&new, rules)?;
    let mut reached = projector.reached();
    let done = {
        let work = projector.catch_up(log);
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => break done?,
                Ok(()) = reached.changed() => progress(Progress { position: *reached.borrow(), skipped: projector.skipped()? }),
            }
        }
    };
    let done = Progress { position: done, skipped: projector.skipped()? };
    let Projector { views, .. } = projector;
    // Nobody else holds the connection: the projector was never run.
    let views = Arc::into_inner(views).ok_or(ViewsError::Ending)?.into_inner().unwrap_or_else(PoisonError::into_inner);
    swap(views, &new, path)?;
    Ok(done)
}

/// Reads on. Positions have no gaps, so an event that cannot be read is the one after `after`; but only if there is something
/// readable behind it, or the end of the log. Otherwise it is the log that cannot be read.
async fn read(log: &dyn Log, after: Position) -> Result<Page, ViewsError> {
    let error = match log.read_all(after, PAGE).await {
        Ok(events) => return Ok(Page::Events(events)),
        Err(LogError::Broken(error)) => error,
        Err(other) => return Err(other.into()),
    };
    for behind in 1..=UNREADABLE {
        if log.read_all(Position(after.0 + behind), 1).await.is_ok() {
            // Asked once more: the log may have been out of reach for a moment only.
            return Ok(match log.read_all(after, 1).await {
                Ok(events) => Page::Events(events),
                Err(_) => Page::Unreadable(Position(after.0 + 1), error),
            });
        }
    }
    Err(LogError::Broken(error).into())
}

/// Folds a page, and notes how far the views are, in one transaction.
fn fold(views: &mut Connection, page: &Page, rules: &Rules) -> Result<Position, ViewsError> {
    let transaction = views.transaction()?;
    let mut reached = position(&transaction)?;
    match page {
        Page::Events(events) => {
            let mut facts = Facts::new(&transaction, rules);
            let mut heard = BTreeMap::new();
            for recorded in events {
                match project::event(&transaction, recorded) {
                    Ok(()) => {
                        facts.event(recorded)?;
                        let at = heard.entry(&recorded.stream).or_insert(recorded.at);
                        *at = recorded.at.max(*at);
                    }
                    // It contradicts what came before it, such as a turn that opens twice.
                    Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                        skip(&transaction, recorded.position, &error.to_string())?;
                    }
                    Err(error) => return Err(error.into()),
                }
                reached = recorded.position;
            }
            facts.finish()?;
            project::heard(&transaction, &heard)?;
        }
        Page::Unreadable(at, why) => {
            skip(&transaction, *at, why)?;
            reached = *at;
        }
    }
    project::advance(&transaction, reached)?;
    transaction.commit()?;
    Ok(reached)
}

fn skip(views: &Connection, at: Position, why: &str) -> rusqlite::Result<()> {
    tracing::warn!(position = at.0, why, "an event was skipped by the views");
    project::skip(views, at, why)
}

/// Empties all tables.
fn clear(views: &mut Connection) -> Result<(), ViewsError> {
    let transaction = views.transaction()?;
    let views = ["skipped", "conversations", "lines", "turns", "calls", "actions", "escalations", "facts", "cells"];
    for table in views.into_iter().chain(crate::desk::TABLES) {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    project::advance(&transaction, Position(0))?;
    transaction.commit()?;
    Ok(())
}
