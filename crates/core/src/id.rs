//! Typed, prefixed identifiers: sortable by time, readable in a log, impossible to mix up.

use crate::{Chance, Clock, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 26 characters of 48 bits of time and 80 bits of chance, like a ULID.
fn stamp(clock: &dyn Clock, chance: &dyn Chance) -> String {
    let mut noise = [0_u8; 10];
    chance.fill(&mut noise);
    let millis = u128::from(clock.now().0.max(0).unsigned_abs());
    let random = noise.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    spell((millis & 0xFFFF_FFFF_FFFF) << 80 | random)
}

/// 128 bits as 26 characters.
fn spell(bits: u128) -> String {
    (0..26).rev().map(|place| ALPHABET[((bits >> (place * 5)) & 31) as usize] as char).collect()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What every such id begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new one, from the clock and chance handed in.
            pub fn mint(clock: &dyn Clock, chance: &dyn Chance) -> Self {
                Self(format!("{}{}", $prefix, stamp(clock, chance)))
            }

            /// The id for these 128 bits: the same bits give the same id, for ids derived from something else.
            #[must_use]
            pub fn from_bits(bits: u128) -> Self {
                Self(format!("{}{}", $prefix, spell(bits)))
            }

            /// Reads an id; `None` unless it has the right prefix and only letters, digits, `_`, `-` and `.` (at most 64).
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let body = text.strip_prefix($prefix)?;
                let clean = body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
                (clean && !body.is_empty() && text.len() <= 64).then(|| Self(text.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A conversation, which is also the ticket.
    ConversationId = "cnv_";
    /// One message of a customer or a person of the staff.
    MessageId = "msg_";
    /// From a customer's message to the closed reply, the proposal or the handoff.
    TurnId = "trn_";
    /// One proposed write. Also its operation id and its idempotency key, for every try.
    ActionId = "act_";
    /// A customer of the company: a pseudonym made from the company's own id.
    CustomerId = "cus_";
    /// A browser that has not said who is behind it.
    VisitorId = "vis_";
    /// A member of the staff.
    StaffId = "stf_";
    /// One sealed personal value beside the log.
    PayloadId = "pay_";
    /// A passage of the company's written knowledge, made from its file and headings.
    PassageId = "kb_";
    /// One time that people had a conversation, from the first offer to its end.
    HandoffId = "hnd_";
    /// A note that only the staff reads.
    NoteId = "not_";
    /// A file that somebody sent along.
    FileId = "file_";
    /// One HTTP request, for the log and for the person who asks about it.
    RequestId = "req_";
}

impl FileId {
    /// When it was made, as it says itself; none where it was not minted here.
    #[must_use]
    pub fn minted_at(&self) -> Option<Timestamp> {
        let body = self.0.strip_prefix(Self::PREFIX).filter(|body| body.len() == 26)?;
        let place = |byte: u8| ALPHABET.iter().position(|known| *known == byte);
        let bits = body.bytes().try_fold(0_u128, |bits, byte| Some(bits << 5 | u128::try_from(place(byte)?).ok()?))?;
        i64::try_from(bits >> 80).ok().map(Timestamp)
    }
}

impl TurnId {
    /// The id of the `n`-th call of this turn. Derived, not drawn: a replayed turn makes the same ids.
    #[must_use]
    pub fn call(&self, n: u32) -> CallId {
        CallId(format!("{}.c{n}", self.0))
    }

    /// The id of the `n`-th question to the mind in this turn.
    #[must_use]
    pub fn ask(&self, n: u32) -> AskId {
        AskId(format!("{}.a{n}", self.0))
    }

    /// The id of the `n`-th write proposed in this turn.
    #[must_use]
    pub fn action(&self, n: u32) -> ActionId {
        let body = self.0.strip_prefix(Self::PREFIX).unwrap_or(&self.0);
        ActionId(format!("{}{body}.{n}", ActionId::PREFIX))
    }

    /// The id of the handoff that this turn ends in.
    #[must_use]
    pub fn handoff(&self) -> HandoffId {
        let body = self.0.strip_prefix(Self::PREFIX).unwrap_or(&self.0);
        HandoffId(format!("{}{body}", HandoffId::PREFIX))
    }
}

/// One use of a tool: the turn's id and a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub String);

/// One question to a mind: the turn's id and a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub String);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(i64);
    impl Clock for At {
        fn now(&self) -> Timestamp {
            Timestamp(self.0)
        }
    }
    struct Same(u8);
    impl Chance for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let early = MessageId::mint(&At(1_000), &Same(0xFF));
        let late = MessageId::mint(&At(1_001), &Same(0));
        assert!(early < late);
        assert_eq!(MessageId::parse(early.as_str()), Some(early.clone()));
        assert_eq!(ConversationId::parse(early.as_str()), None);
        assert_eq!(MessageId::parse("msg_a'b"), None);
        assert_eq!(MessageId::parse("msg_"), None);
    }

    #[test]
    fn a_file_knows_when_it_came() {
        let file = FileId::mint(&At(1_795_183_200_123), &Same(0xA7));
        assert_eq!(file.minted_at(), Some(Timestamp(1_795_183_200_123)));
        assert_eq!(FileId::parse("file_short").unwrap().minted_at(), None);
    }
}
