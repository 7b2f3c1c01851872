//! Signed tokens in the one form billing takes: a JWT with HS256 and the claims `iss`, `aud` and `exp`.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who minted it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// Seconds since 1970 after which it is void.
    pub exp: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// A token that says `claims`, signed with `secret`.
#[must_use]
pub fn mint(claims: &Claims, secret: &str) -> String {
    let Claims { iss, aud, exp } = claims;
    let said = serde_json::json!({ "iss": iss, "aud": aud, "exp": exp }).to_string();
    let head = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode(said));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(keyed(secret, &signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// What `token` says, or why it is not believed. Issuer and audience are the caller's to compare.
pub(crate) fn verify(token: &str, secret: &str, now: Timestamp) -> Result<Claims, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("not a JWT")?;
    let (head, said) = signed.split_once('.').ok_or("not a JWT")?;
    let read = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| "not a JWT");
    let header: Header = serde_json::from_slice(&read(head)?).map_err(|_| "not a JWT")?;
    if header.alg != "HS256" {
        return Err("the token's algorithm is not HS256");
    }
    keyed(secret, signed).verify_slice(&read(signature)?).map_err(|_| "the token's signature is wrong")?;
    let claims: Claims = serde_json::from_slice(&read(said)?).map_err(|_| "the token lacks iss, aud or exp")?;
    if claims.exp <= now.as_second() {
        return Err("the token has expired");
    }
    Ok(claims)
}

fn keyed(secret: &str, signed: &str) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("invariant: HMAC takes keys of every length");
    mac.update(signed.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::{Claims, mint, verify};
    use jiff::Timestamp;

    #[test]
    fn believes_only_what_it_signed_and_in_time() {
        let claims = Claims { iss: "patchbay".into(), aud: "billing".into(), exp: 1_000 };
        let token = mint(&claims, "secret");
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(verify(&token, "secret", at(999)), Ok(claims));
        assert_eq!(verify(&token, "secret", at(1_000)), Err("the token has expired"));
        assert!(verify(&token, "other", at(999)).is_err());
        assert!(verify(&token.replace('.', "x"), "secret", at(999)).is_err());
        let (_, rest) = token.split_once('.').unwrap();
        assert!(verify(&format!("eyJhbGciOiJub25lIn0.{rest}"), "secret", at(999)).is_err());
    }
}
