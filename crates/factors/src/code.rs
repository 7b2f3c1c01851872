//! One-time codes by the clock (TOTP, RFC 6238): six digits, half a minute each.

use patchbay_core::{Chance, Timestamp};
use totp_rs::{Builder, Secret, Totp};

/// 160 bits, as RFC 4226 recommends.
const BYTES: usize = 20;

/// What was given is no secret an app could have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no secret of a code app")]
pub struct NotACode;

/// The secret a code app and we share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSecret(String);

impl CodeSecret {
    /// A fresh one.
    #[must_use]
    pub fn fresh(chance: &dyn Chance) -> Self {
        let mut bytes = vec![0; BYTES];
        chance.fill(&mut bytes);
        Self(Secret::from(bytes).to_base32())
    }

    /// Reads one: Base32, at least 128 bits.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &str) -> Result<Self, NotACode> {
        let secret = Self(text.to_owned());
        secret.totp("").map(|_| secret).ok_or(NotACode)
    }

    /// As apps take it, to be typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As apps take it, behind a picture or a link: `otpauth://totp/…`.
    #[must_use]
    pub fn link(&self, company: &str, account: &str) -> String {
        let plain = |text: &str| text.replace(':', " ");
        let totp = self.named(&plain(account), Some(plain(company)));
        totp.and_then(|totp| totp.to_url().ok()).unwrap_or_default()
    }

    /// The step of the code at this time, when it is right: half a minute early or late counts. Each step counts once: whoever
    /// takes a code remembers its step and takes none at or before it again.
    #[must_use]
    pub fn step(&self, code: &str, now: Timestamp, after: Option<u64>) -> Option<u64> {
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        let step = self.totp("")?.check(code.trim(), seconds)?;
        after.is_none_or(|after| step > after).then_some(step)
    }

    /// The code of this moment, as an app would show it.
    #[must_use]
    pub fn code(&self, now: Timestamp) -> Option<String> {
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        Some(self.totp("")?.generate(seconds).to_string())
    }

    fn totp(&self, account: &str) -> Option<Totp> {
        self.named(account, None)
    }

    fn named(&self, account: &str, issuer: Option<String>) -> Option<Totp> {
        let secret = Secret::try_from_base32(&self.0).ok()?;
        Builder::new().with_secret(secret).with_account_name(account).with_issuer(issuer).build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_111_111_109_000);

    #[test]
    fn a_code_counts_once_and_for_its_time() {
        // The secret and the code at this second stand in RFC 6238, appendix B (there with eight digits).
        let secret = CodeSecret::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("a right secret");
        assert_eq!(secret.code(NOW).as_deref(), Some("081804"));
        let step = secret.step("081804", NOW, None).expect("a right code");
        assert_eq!(secret.step("081804", NOW, Some(step)), None, "a second time");
        assert_eq!(secret.step("081804", Timestamp(NOW.0 + 30_000), None), Some(step), "half a minute late");
        assert_eq!(secret.step("081804", Timestamp(NOW.0 + 120_000), None), None, "two minutes late");
        assert_eq!(secret.step("000000", NOW, None), None);
        assert_eq!(secret.step("", NOW, None), None);
    }

    #[test]
    fn an_app_is_told_whose_code_it_is() {
        let secret = CodeSecret::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("a right secret");
        let link = secret.link("Halden: Home", "aiko@example.com");
        assert!(link.starts_with("otpauth://totp/Halden"), "{link}");
        assert!(link.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{link}");
        assert_eq!(CodeSecret::read("short"), Err(NotACode));
    }
}
