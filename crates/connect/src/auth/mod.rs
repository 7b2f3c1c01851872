//! How we prove ourselves to a backend: every declared way is applied to every request.

mod minted;
mod token;

use crate::verdict::Failed;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minted::Minter;
use patchbay_core::Timestamp;
use patchbay_core::declare::{Auth, Secret};
use patchbay_dial::header::{AUTHORIZATION, HeaderName, HeaderValue};
use patchbay_dial::{Dial, Egress, EgressError, NamedBy, Request};
use std::time::Duration;
use token::TokenKeeper;

/// The credentials of one backend.
#[derive(Debug)]
pub(crate) struct Credentials(Vec<Way>);

#[derive(Debug)]
enum Way {
    /// A header that never changes.
    Header(HeaderName, HeaderValue),
    /// A query parameter that never changes.
    Query(String, Secret),
    /// A token fetched from the backend's token server.
    Fetched(TokenKeeper),
    /// A token signed by us.
    Minted(Minter),
}

/// Which fetched token a request bore, so that it can be replaced when the backend refuses it.
#[derive(Debug, Default)]
pub(crate) struct Borne(Option<String>);

impl Credentials {
    /// Prepares what is declared, and names the token servers as places that may be called.
    pub(crate) fn prepare(declared: &[Auth], egress: &mut Egress) -> Result<Self, String> {
        let ways: Vec<_> = declared.iter().map(|auth| way(auth, egress)).collect::<Result<_, _>>()?;
        let bearing = ways.iter().filter(|way| way.header() == Some(&AUTHORIZATION)).count();
        if bearing > 1 {
            return Err(format!("{bearing} of the credentials want the header Authorization; it holds one"));
        }
        Ok(Self(ways))
    }

    /// Does a credential fill this header?
    pub(crate) fn fills_header(&self, name: &str) -> bool {
        self.0.iter().filter_map(Way::header).any(|header| name.eq_ignore_ascii_case(header.as_str()))
    }

    /// Does a credential fill this query parameter?
    pub(crate) fn fills_query(&self, name: &str) -> bool {
        self.0.iter().any(|way| matches!(way, Way::Query(parameter, _) if parameter == name))
    }

    /// Puts all credentials on a request.
    pub(crate) async fn apply(&self, request: &mut Request, dial: &Dial, now: Timestamp, within: Duration) -> Result<Borne, Failed> {
        let mut borne = Borne::default();
        for way in &self.0 {
            match way {
                Way::Header(name, value) => {
                    request.headers.insert(name.clone(), value.clone());
                }
                Way::Query(name, value) => {
                    request.url.query_pairs_mut().append_pair(name, value.reveal());
                }
                Way::Minted(minter) => bear(request, &minter.mint(now)?)?,
                Way::Fetched(keeper) => {
                    let token = keeper.token(dial, now, within).await?;
                    bear(request, &token)?;
                    borne.0 = Some(token);
                }
            }
        }
        Ok(borne)
    }

    /// The backend refused this token. True if another one can be fetched, so that trying once more makes sense.
    pub(crate) async fn refused(&self, borne: &Borne) -> bool {
        for way in &self.0 {
            if let (Way::Fetched(keeper), Some(token)) = (way, &borne.0) {
                keeper.drop(token).await;
                return true;
            }
        }
        false
    }
}

impl Way {
    fn header(&self) -> Option<&HeaderName> {
        match self {
            Self::Header(name, _) => Some(name),
            Self::Query(..) => None,
            Self::Fetched(_) | Self::Minted(_) => Some(&AUTHORIZATION),
        }
    }
}

fn way(auth: &Auth, egress: &mut Egress) -> Result<Way, String> {
    Ok(match auth {
        Auth::ApiKeyHeader { header, key } => {
            let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| format!("'{header}' cannot be the name of a header"))?;
            Way::Header(name, secret(key.reveal(), "the key")?)
        }
        Auth::ApiKeyQuery { parameter, key } => Way::Query(parameter.clone(), key.clone()),
        Auth::Basic { user, password } => {
            let pair = BASE64_STANDARD.encode(format!("{user}:{}", password.reveal()));
            Way::Header(AUTHORIZATION, secret(&format!("Basic {pair}"), "the password")?)
        }
        Auth::Bearer { token } => Way::Header(AUTHORIZATION, secret(&format!("Bearer {}", token.reveal()), "the token")?),
        Auth::Oauth2ClientCredentials { token_url, client_id, client_secret, scopes } => {
            let url = egress.name(token_url, NamedBy::Configuration).map_err(|error: EgressError| format!("token_url: {error}"))?;
            Way::Fetched(TokenKeeper::new(url, client_id, client_secret.reveal(), scopes))
        }
        Auth::Jwt { secret, issuer, audience, lifetime } => Way::Minted(Minter::new(secret.reveal(), issuer, audience, *lifetime)),
    })
}

/// A secret as a header's value: not shown by `Debug`, not indexed by HTTP/2.
fn secret(text: &str, what: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text).map_err(|_| format!("{what} holds characters that cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn bear(request: &mut Request, token: &str) -> Result<(), Failed> {
    let value =
        secret(&format!("Bearer {token}"), "the token").map_err(|_| Failed::no_credentials("backend_unauthorised: token", false))?;
    request.headers.insert(AUTHORIZATION, value);
    Ok(())
}
