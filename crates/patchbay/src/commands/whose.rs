//! Whose session a command speaks in.

use crate::failure::{Exit, Failure};
use patchbay_core::id::VisitorId;
use patchbay_core::words::Level;
use patchbay_core::{Customer, Personal, Session, Timestamp};
use patchbay_identity::InstanceSecret;

/// The channel of the command line, as it stands in conversations.
const CHANNEL: &str = "command_line";

/// The session of this customer with this level, or of nobody. The operator vouches for it: whoever may read the data folder may.
///
/// # Errors
/// When there is no such level.
pub(crate) fn session(secret: &InstanceSecret, customer: Option<&str>, level: &str) -> Result<Session, Failure> {
    let Some(external) = customer else {
        return Ok(Session::anonymous(VisitorId::from_bits(0), CHANNEL));
    };
    let level = Level::parse(level).ok_or_else(|| {
        let known: Vec<&str> = Level::ALL.iter().map(|level| level.as_str()).collect();
        Failure::new(Exit::Usage, format!("there is no level '{level}'; levels are {}", known.join(", ")))
    })?;
    Ok(Session {
        visitor: secret.visitor_of(external),
        customer: Some(Customer { id: secret.pseudonym(external), external: Personal::identity(external.to_owned()) }),
        level,
        until: Timestamp(i64::MAX),
        channel: CHANNEL.to_owned(),
    })
}
