//! Passkeys (Web Authentication): a key pair in somebody's device, unlocked by finger, face or PIN.
//!
//! The library draws its challenges from the system's randomness itself; nothing of them is ever stored or replayed.

use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude as lib;
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Why a passkey cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Browsers refuse passkeys on such addresses.
    #[error("passkeys need a name in the address (https://support.example, or http://localhost); browsers refuse numbers")]
    Address,
    /// What the browser sent proves nothing.
    #[error("the passkey was not accepted")]
    NotAccepted,
}

/// A passkey as it is kept: the public half.
#[derive(Debug, Clone)]
pub struct Passkey(lib::Passkey);

impl PartialEq for Passkey {
    fn eq(&self, other: &Self) -> bool {
        self.0.cred_id() == other.0.cred_id()
    }
}

impl Eq for Passkey {}

/// A registration that waits for the device.
#[derive(Debug)]
pub struct Registering(lib::PasskeyRegistration);

/// A sign-in that waits for the device.
#[derive(Debug)]
pub struct Authenticating(lib::DiscoverableAuthentication);

/// Passkeys for one address.
#[derive(Debug)]
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// For pages at this address.
    ///
    /// # Errors
    /// When browsers refuse passkeys there.
    pub fn at(public_url: &str, company: &str) -> Result<Self, PasskeyError> {
        let url = Url::parse(public_url).map_err(|_| PasskeyError::Address)?;
        let name = url.domain().ok_or(PasskeyError::Address)?.to_owned();
        let safe = url.scheme() == "https" || name == "localhost";
        let built = WebauthnBuilder::new(&name, &url).and_then(|builder| builder.rp_name(company).build());
        built.ok().filter(|_| safe).map(Self).ok_or(PasskeyError::Address)
    }

    /// Begins a registration: what the browser is given, and what we keep until it answers.
    ///
    /// # Errors
    /// When the names cannot be used.
    pub fn register(&self, user: Uuid, name: &str, known: &[Passkey]) -> Result<(Value, Registering), PasskeyError> {
        let known = known.iter().map(|passkey| passkey.0.cred_id().clone()).collect();
        let (asked, state) = self.0.start_passkey_registration(user, name, name, Some(known)).map_err(refused)?;
        let mut asked = serde_json::to_value(asked).map_err(|_| PasskeyError::NotAccepted)?;
        // The device is asked to remember whose key it is, so that nobody has to type who they are.
        if let Some(options) = asked.pointer_mut("/publicKey").and_then(Value::as_object_mut) {
            options.insert(
                "authenticatorSelection".to_owned(),
                serde_json::json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" }),
            );
        }
        Ok((asked, Registering(state)))
    }

    /// Ends a registration.
    ///
    /// # Errors
    /// When the answer proves nothing.
    pub fn registered(&self, answer: Value, state: &Registering) -> Result<Passkey, PasskeyError> {
        let answer: lib::RegisterPublicKeyCredential = serde_json::from_value(answer).map_err(|_| PasskeyError::NotAccepted)?;
        self.0.finish_passkey_registration(&answer, &state.0).map(Passkey).map_err(refused)
    }

    /// Begins a sign-in of whoever it may be.
    ///
    /// # Errors
    /// When the library cannot.
    pub fn authenticate(&self) -> Result<(Value, Authenticating), PasskeyError> {
        let (asked, state) = self.0.start_discoverable_authentication().map_err(refused)?;
        let mut asked = serde_json::to_value(asked).map_err(|_| PasskeyError::NotAccepted)?;
        // Asked for by a press of a button, not offered inside a field.
        if let Some(whole) = asked.as_object_mut() {
            whole.remove("mediation");
        }
        Ok((asked, Authenticating(state)))
    }

    /// Who says they are signing in; proven only by [`Passkeys::authenticated`].
    ///
    /// # Errors
    /// When the answer names nobody.
    pub fn claimed(&self, answer: &Value) -> Result<Uuid, PasskeyError> {
        let answer: lib::PublicKeyCredential = serde_json::from_value(answer.clone()).map_err(|_| PasskeyError::NotAccepted)?;
        let (user, _) = self.0.identify_discoverable_authentication(&answer).map_err(refused)?;
        Ok(user)
    }

    /// Ends a sign-in: which of these passkeys it was.
    ///
    /// # Errors
    /// When the answer is of none of them.
    pub fn authenticated(&self, answer: Value, state: Authenticating, passkeys: &[Passkey]) -> Result<usize, PasskeyError> {
        let answer: lib::PublicKeyCredential = serde_json::from_value(answer).map_err(|_| PasskeyError::NotAccepted)?;
        let (_, id) = self.0.identify_discoverable_authentication(&answer).map_err(refused)?;
        let named = passkeys.iter().position(|passkey| passkey.0.cred_id().as_slice() == id);
        let which = named.ok_or(PasskeyError::NotAccepted)?;
        let key = lib::DiscoverableKey::from(&passkeys[which].0);
        self.0.finish_discoverable_authentication_v2(&answer, state.0, &key).map_err(refused)?;
        Ok(which)
    }
}

impl Passkey {
    /// The text to keep.
    ///
    /// # Panics
    /// Never: keys always serialise.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(&self.0).expect("invariant: a key is plain data")
    }

    /// One that was kept.
    #[must_use]
    pub fn kept(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

fn refused(_error: lib::WebauthnError) -> PasskeyError {
    PasskeyError::NotAccepted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_offered_where_browsers_allow_them() {
        assert!(Passkeys::at("http://localhost:8787", "Halden").is_ok());
        assert!(Passkeys::at("https://support.example", "Halden").is_ok());
        assert_eq!(Passkeys::at("http://127.0.0.1:8787", "Halden").err(), Some(PasskeyError::Address));
        assert_eq!(Passkeys::at("http://support.example", "Halden").err(), Some(PasskeyError::Address));
    }

    #[test]
    fn nonsense_from_a_browser_proves_nothing() {
        let passkeys = Passkeys::at("http://localhost:8787", "Halden").expect("a good address");
        let (asked, state) = passkeys.authenticate().expect("a challenge");
        assert!(asked.pointer("/publicKey/challenge").is_some(), "{asked}");
        assert_eq!(passkeys.claimed(&serde_json::json!({ "id": 1 })).err(), Some(PasskeyError::NotAccepted));
        assert_eq!(passkeys.authenticated(serde_json::json!({}), state, &[]).err(), Some(PasskeyError::NotAccepted));
    }
}
