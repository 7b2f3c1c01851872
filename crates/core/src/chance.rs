//! The chance port: where random bytes come from.

/// Random bytes. Handed in everywhere, so that a run can be repeated exactly.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}
