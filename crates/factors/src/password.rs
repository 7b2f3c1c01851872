//! Passwords: kept as Argon2id hashes, as RFC 9106 recommends for servers without much memory.

use argon2::password_hash::phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use patchbay_core::Chance;

/// The shortest password that is taken, in characters.
const SHORTEST: usize = 12;
/// The longest, so that nobody makes us hash books.
const LONGEST: usize = 200;

/// A password that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short or too long.
    #[error("a password has {SHORTEST} to {LONGEST} characters; a sentence is easier to remember than signs")]
    Length,
    /// The same few characters over and over.
    #[error("this password repeats the same few characters; take a sentence")]
    Plain,
}

/// A password as it is kept: nobody can read it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password. Takes tens of milliseconds on purpose: not for threads that serve requests.
    ///
    /// # Errors
    /// When it is too weak.
    ///
    /// # Panics
    /// Never: the parameters are constants and the salt has the right length.
    pub fn of(password: &str, chance: &dyn Chance) -> Result<Self, WeakPassword> {
        let length = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(WeakPassword::Length);
        }
        let different: std::collections::BTreeSet<char> = password.chars().collect();
        if different.len() < 5 {
            return Err(WeakPassword::Plain);
        }
        let mut salt = [0; 16];
        chance.fill(&mut salt);
        let hash: phc::PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .expect("invariant: the default parameters and 16 bytes of salt are right");
        Ok(Self(hash.to_string()))
    }

    /// One that was kept.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The text to keep (PHC).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is it this password? Takes as long as hashing, also where nothing can be right.
    #[must_use]
    pub fn matches(&self, password: &str) -> bool {
        let Ok(hash) = phc::PasswordHash::new(&self.0) else { return false };
        password.chars().count() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    }

    /// A hash that no password matches, to be tried for somebody who does not exist: it takes as long as a real one.
    #[must_use]
    pub fn nobodys() -> Self {
        let text = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Chance for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn the_right_password_and_no_other_matches() {
        let hash = PasswordHash::of("a long walk by the harbour", &Fixed).expect("strong enough");
        let kept = PasswordHash::kept(hash.as_str().to_owned());
        assert!(kept.matches("a long walk by the harbour"));
        assert!(!kept.matches("a long walk by the harbor"));
        assert!(!PasswordHash::nobodys().matches(""));
        assert!(!PasswordHash::kept("broken".into()).matches("broken"));
    }

    #[test]
    fn weak_passwords_are_not_taken() {
        assert_eq!(PasswordHash::of("short", &Fixed), Err(WeakPassword::Length));
        assert_eq!(PasswordHash::of("aaaaaaaaaaaaaaaa", &Fixed), Err(WeakPassword::Plain));
        assert_eq!(PasswordHash::of(&"ab cd ef ".repeat(60), &Fixed), Err(WeakPassword::Length));
    }
}
