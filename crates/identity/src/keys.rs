//! Keys that verify host tokens. A key knows the one algorithm it is good for, so a token cannot talk us into another.

use crate::NotUsable;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// The longest list of keys read from one document; no host has more, and a hostile one may not make us try thousands.
const MOST: usize = 32;

/// One key and the algorithm it is good for.
pub(crate) struct Key {
    id: Option<String>,
    pub(crate) algorithm: Algorithm,
    pub(crate) decoding: DecodingKey,
}

/// The keys of a host.
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    /// A secret shared with the host: HS256 and nothing else.
    pub(crate) fn shared(secret: &str) -> Result<Self, NotUsable> {
        if secret.len() < 32 {
            return Err(NotUsable::ShortSecret(secret.len()));
        }
        Ok(Self(vec![Key { id: None, algorithm: Algorithm::HS256, decoding: DecodingKey::from_secret(secret.as_bytes()) }]))
    }

    /// A JWKS or one PEM public key: RS256, ES256 or EdDSA. Symmetric keys in a document are ignored.
    pub(crate) fn document(text: &str) -> Result<Self, NotUsable> {
        let keys = if text.trim_start().starts_with("-----BEGIN") { vec![pem(text)?] } else { jwks(text)? };
        if keys.is_empty() { Err(NotUsable::NoKeys("it holds no such key".to_owned())) } else { Ok(Self(keys)) }
    }

    /// The keys a token with this algorithm and key id may be signed with. Without a key id every key of the algorithm is one.
    pub(crate) fn candidates<'a>(&'a self, algorithm: Algorithm, id: Option<&'a str>) -> impl Iterator<Item = &'a Key> {
        self.0.iter().filter(move |key| key.algorithm == algorithm && (id.is_none() || key.id.is_none() || key.id.as_deref() == id))
    }
}

fn pem(text: &str) -> Result<Key, NotUsable> {
    let bytes = text.as_bytes();
    let (algorithm, decoding) = DecodingKey::from_rsa_pem(bytes)
        .map(|key| (Algorithm::RS256, key))
        .or_else(|_| DecodingKey::from_ec_pem(bytes).map(|key| (Algorithm::ES256, key)))
        .or_else(|_| DecodingKey::from_ed_pem(bytes).map(|key| (Algorithm::EdDSA, key)))
        .map_err(|error| NotUsable::NoKeys(format!("as PEM: {error}")))?;
    Ok(Key { id: None, algorithm, decoding })
}

fn jwks(text: &str) -> Result<Vec<Key>, NotUsable> {
    let not = |why: &str| NotUsable::NoKeys(format!("as JWKS: {why}"));
    let document: Value = serde_json::from_str(text).map_err(|error| not(&error.to_string()))?;
    let list = document.get("keys").and_then(Value::as_array).ok_or_else(|| not("there is no list named `keys`"))?;
    // A key we cannot read is skipped, not an error: hosts publish keys for other purposes in the same document.
    Ok(list.iter().take(MOST).filter_map(jwk).collect())
}

fn jwk(value: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { id: jwk.common.key_id, algorithm, decoding })
}
