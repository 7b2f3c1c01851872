//! The desk: what people of the staff see and do. One address, one page.

pub(crate) mod actions;
pub(crate) mod as_test;
pub(crate) mod availability;
mod brief;
pub(crate) mod canned;
pub(crate) mod cards;
pub(crate) mod colleagues;
pub(crate) mod conversation;
pub(crate) mod customer;
pub(crate) mod events;
mod feed;
pub(crate) mod hand_back;
mod line;
pub(crate) mod merge;
pub(crate) mod next;
pub(crate) mod note;
mod params;
mod path;
pub(crate) mod presence;
pub(crate) mod queue;
pub(crate) mod reply;
mod row;
pub(crate) mod search;
pub(crate) mod snooze;
pub(crate) mod state;
pub(crate) mod trace;
pub(crate) mod traces;
pub(crate) mod transfer;
pub(crate) mod why;

pub(crate) use feed::Feed;
pub(crate) use params::Params;
pub(crate) use presence::Presence;

use crate::hall::Hall;
use crate::problem::Problem;
use patchbay_core::log::Position;
use patchbay_service::Refused;
use patchbay_views::ViewsError;
use std::time::Duration;

/// How long an answer waits for the views to show what was just written.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);

/// Waits until the views are as far as the log is now, so that an answer shows what the request has changed. After a while it
/// shows what there is: what was written stays written.
async fn settle(hall: &Hall) {
    let end = hall.log().grown_past(Position(0)).await;
    let mut reached = hall.reached();
    let _ = tokio::time::timeout(SHOWN_WITHIN, reached.wait_for(|reached| *reached >= end)).await;
}

impl From<ViewsError> for Problem {
    fn from(error: ViewsError) -> Self {
        match error {
            ViewsError::Log(error) => Refused::from(error).into(),
            other => Refused::Broken(other.to_string()).into(),
        }
    }
}
