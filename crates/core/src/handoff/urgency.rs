//! In which order those who wait for a person are answered.

use crate::Timestamp;
use crate::declare::QueueOrder;

/// A minute, in milliseconds: within one, promises count as the same.
pub const MINUTE: i64 = 60_000;
/// Where nothing is promised, it is due after everything that is.
const UNPROMISED: i64 = MINUTE << 46;

/// How upset somebody sounds: 0 very, 1 somewhat, 2 not.
#[must_use]
pub const fn calm(feeling: Option<i64>) -> i64 {
    match feeling {
        Some(last) if last < -666 => 0,
        Some(last) if last < -333 => 1,
        _ => 2,
    }
}

/// Until when somebody should be answered; none where nothing presses. In a queue ordered by feeling whoever sounds upset is due at once,
/// from the moment they began to wait.
#[must_use]
pub fn due(order: QueueOrder, calm: i64, waits: Timestamp, promised: Option<Timestamp>) -> Option<Timestamp> {
    if order == QueueOrder::Feeling && calm < 2 { Some(waits) } else { promised }
}

/// The place of somebody in the order: by the minute an answer is due, then whoever sounds upset, then the longest wait.
#[must_use]
pub fn place(order: QueueOrder, calm: i64, waits: Timestamp, promised: Option<Timestamp>) -> (i64, i64, i64) {
    let at = due(order, calm, waits, promised).map_or_else(|| UNPROMISED.saturating_add(waits.0), |at| at.0);
    (at / MINUTE, calm, waits.0)
}
