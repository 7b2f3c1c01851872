//! Accounts: a password with a one-time code, or a passkey. A password alone lets nobody in.

use super::factor::{Checks, Factor};
use super::{Member, Office, SignedIn, StaffRefused};
use hmac::Mac;
use patchbay_core::event::Event;
use patchbay_core::id::StaffId;
use patchbay_core::log::Claim;
use patchbay_core::{Chance, Personal};
use patchbay_factors::{CodeSecret, Passkey, PasswordHash};
use std::sync::Arc;
use uuid::Uuid;

/// The longest name of a factor, in characters.
const LONGEST_LABEL: usize = 60;

/// How somebody may sign in by themselves, without a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// A password is set.
    pub password: bool,
    /// A code app is connected.
    pub code: bool,
    /// A passkey is known.
    pub passkey: bool,
}

impl Member {
    /// How this person may sign in.
    #[must_use]
    pub fn way(&self) -> Way {
        let has = |kind: &str| self.factors.iter().any(|factor| factor.checks.kind() == kind);
        Way { password: self.password.is_some(), code: has("code"), passkey: has("passkey") }
    }

    /// Their passkeys, each with its factor's id.
    #[must_use]
    pub fn passkeys(&self) -> Vec<Passkey> {
        let passkey = |factor: &Factor| match &factor.checks {
            Checks::Passkey(passkey) => Some((**passkey).clone()),
            Checks::Code(_) => None,
        };
        self.factors.iter().filter_map(passkey).collect()
    }
}

impl Office {
    /// The name under which devices know this person: no address, nothing that says who they are.
    #[must_use]
    pub fn handle(&self, id: &StaffId) -> Uuid {
        let mac = self.0.secret.keyed("staff-passkey", id.as_str()).finalize().into_bytes();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&mac[..16]);
        Uuid::from_bytes(bytes)
    }

    /// Whose device it is that knows somebody by this name.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn of_handle(&self, handle: Uuid) -> Result<Option<Arc<Member>>, StaffRefused> {
        Ok(self.all().await?.into_iter().find(|member| self.handle(&member.id) == handle))
    }

    /// Gives somebody this password. Hashing takes its time: call it where nobody waits for a thread.
    ///
    /// # Errors
    /// When it is too weak, or nothing can be stored.
    pub async fn set_password(&self, id: &StaffId, password: &str) -> Result<(), StaffRefused> {
        let (password, chance) = (password.to_owned(), self.0.chance.clone());
        let hash = apart(move || PasswordHash::of(&password, &*chance)).await?;
        self.write(id, Event::PasswordSet { hash: Personal::identity(hash.as_str().to_owned()) }).await?;
        self.fresh(id).await.map(drop)
    }

    /// A secret for a code app. It counts once a code of it has been shown with [`Office::add_code`].
    #[must_use]
    pub fn code_secret(&self) -> CodeSecret {
        CodeSecret::fresh(&*self.0.chance)
    }

    /// Connects a code app: this code proves that it has the secret.
    ///
    /// # Errors
    /// When the code is not right, or nothing can be stored.
    pub async fn add_code(&self, id: &StaffId, secret: CodeSecret, code: &str, label: &str) -> Result<Arc<Member>, StaffRefused> {
        let member = self.fresh(id).await?;
        let step = secret.step(code, self.0.clock.now(), member.spent).ok_or(StaffRefused::CodeWrong)?;
        self.spend(id, step).await?;
        self.add_factor(id, Checks::Code(secret), label).await
    }

    /// Adds a passkey that has just been made.
    ///
    /// # Errors
    /// When nothing can be stored.
    pub async fn add_passkey(&self, id: &StaffId, passkey: Passkey, label: &str) -> Result<Arc<Member>, StaffRefused> {
        self.add_factor(id, Checks::Passkey(Box::new(passkey)), label).await
    }

    /// Takes a factor away.
    ///
    /// # Errors
    /// When it is the last one, there is none like that, or nothing can be stored.
    pub async fn remove_factor(&self, id: &StaffId, factor: &str) -> Result<Arc<Member>, StaffRefused> {
        let member = self.fresh(id).await?;
        if !member.factors.iter().any(|known| known.id == factor) {
            return Err(StaffRefused::Unknown(factor.to_owned()));
        }
        if member.factors.len() == 1 {
            return Err(StaffRefused::LastFactor);
        }
        self.write(id, Event::FactorRemoved { factor: factor.to_owned() }).await?;
        self.fresh(id).await
    }

    /// Begins a session for whoever has this address, this password and this code.
    ///
    /// # Errors
    /// [`StaffRefused::WrongProof`] whatever is not right; when nothing can be stored.
    pub async fn sign_in_with_code(&self, email: &str, password: &str, code: &str) -> Result<SignedIn, StaffRefused> {
        let member = match self.find(email).await {
            Ok(member) => Some(self.fresh(&member.id).await?),
            Err(StaffRefused::Unknown(_)) => None,
            Err(error) => return Err(error),
        };
        let hash = member.as_ref().and_then(|member| member.password.clone()).unwrap_or_else(PasswordHash::nobodys);
        let password = password.to_owned();
        // For nobody as long as for somebody: who takes the time learns nothing.
        let right = apart(move || hash.matches(&password)).await;
        let member = member.filter(|member| right && member.active).ok_or(StaffRefused::WrongProof)?;
        let now = self.0.clock.now();
        let step = member.factors.iter().find_map(|factor| match &factor.checks {
            Checks::Code(secret) => secret.step(code, now, member.spent),
            Checks::Passkey(_) => None,
        });
        let step = step.ok_or(StaffRefused::WrongProof)?;
        let spent = Claim { kind: "staff_code".to_owned(), key: format!("{}/{step}", member.id), result: String::new() };
        self.begin(&member.id, "password", vec![Event::CodeSpent { step }], vec![spent]).await.map_err(|error| match error {
            // Two with the same code at the same moment: one of them gets in.
            StaffRefused::LinkUsed => StaffRefused::WrongProof,
            other => other,
        })
    }

    async fn spend(&self, id: &StaffId, step: u64) -> Result<(), StaffRefused> {
        self.write(id, Event::CodeSpent { step }).await
    }

    async fn add_factor(&self, id: &StaffId, checks: Checks, label: &str) -> Result<Arc<Member>, StaffRefused> {
        let label: String = label.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_LABEL).collect();
        let label = if label.is_empty() { checks.kind().to_owned() } else { label };
        let added = Event::FactorAdded {
            factor: mint(&*self.0.chance),
            kind: checks.kind().to_owned(),
            label: Personal::identity(label),
            secret: Personal::identity(checks.secret()),
        };
        self.write(id, added).await?;
        self.fresh(id).await
    }
}

/// Runs what computes for long on a thread where nobody waits.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("invariant: hashing does not panic")
}

fn mint(chance: &dyn Chance) -> String {
    let mut bytes = [0; 9];
    chance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
