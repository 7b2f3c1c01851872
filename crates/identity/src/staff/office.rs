//! The office: keeps the members of the staff, and is the only one that writes about them.

use super::token::{self, SessionToken};
use super::{Member, StaffRefused};
use crate::InstanceSecret;
use patchbay_core::event::Event;
use patchbay_core::id::StaffId;
use patchbay_core::log::{Append, Appended, Batch, Claim, Expected, StreamId, Subject};
use patchbay_core::port::Log;
use patchbay_core::words::Role;
use patchbay_core::{Chance, Clock, Personal, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a link works.
const LINK_LASTS: Duration = Duration::from_secs(30 * 60);
/// How long a session lasts, whatever happens.
const SESSION_LASTS: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a session may lie unused.
const IDLE: Duration = Duration::from_secs(12 * 3600);
/// How often a used session is noted as used.
const RENEWED_AFTER: Duration = Duration::from_secs(5 * 60);
/// What is known of somebody is read again after this long: another process may have written. Well below the minute within
/// which rights end.
const STALE: Duration = Duration::from_secs(15);
/// How many events are read at once.
const PAGE: usize = 500;
/// The longest name, and the longest address for e-mail.
const LONGEST: (usize, usize) = (100, 254);

/// The staff. Cheap to clone.
#[derive(Clone)]
pub struct Office(pub(super) Arc<Inside>);

pub(super) struct Inside {
    pub(super) log: Arc<dyn Log>,
    pub(super) secret: InstanceSecret,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
    kept: Mutex<HashMap<StaffId, (Arc<Member>, Timestamp)>>,
}

/// A link that signs somebody in once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What goes into the address.
    pub token: String,
    /// Until when it works.
    pub expires: Timestamp,
}

/// A session that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub member: Arc<Member>,
    /// What the browser keeps.
    pub token: String,
    /// Until when it lasts at most.
    pub until: Timestamp,
}

/// Whose session a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Who.
    pub member: Arc<Member>,
    /// The session, as the log knows it.
    pub session: String,
    /// Until when it lasts at most.
    pub until: Timestamp,
    /// What the browser should keep from now on, where that has changed.
    pub renewed: Option<String>,
}

impl Office {
    /// An office on this log.
    #[must_use]
    pub fn new(log: Arc<dyn Log>, secret: InstanceSecret, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self(Arc::new(Inside { log, secret, clock, chance, kept: Mutex::default() }))
    }

    /// Everybody there ever was, in the order they came.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn all(&self) -> Result<Vec<Arc<Member>>, StaffRefused> {
        let mut members = Vec::new();
        let mut after = 0;
        loop {
            let page = self.0.log.read_stream(StreamId::roster(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(members) };
            after = last.seq;
            for recorded in &page {
                if let Event::StaffAdded { staff, .. } = &recorded.event {
                    members.extend(self.member(staff).await?);
                }
            }
        }
    }

    /// One of them.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn member(&self, id: &StaffId) -> Result<Option<Arc<Member>>, StaffRefused> {
        let now = self.0.clock.now();
        let kept = self.kept(id);
        if let Some((member, read)) = &kept
            && *read <= now
            && now.since(*read) < STALE
        {
            return Ok(Some(member.clone()));
        }
        self.read(id, kept.map(|(member, _)| member), now).await
    }

    /// Who is known by this id or address.
    ///
    /// # Errors
    /// When there is nobody, or the log cannot be read.
    pub async fn find(&self, who: &str) -> Result<Arc<Member>, StaffRefused> {
        let id = match StaffId::parse(who) {
            Some(id) => Some(id),
            None => {
                let key = token::email_key(&self.0.secret, who);
                self.0.log.claimed("staff_email".to_owned(), key).await?.and_then(|id| StaffId::parse(&id))
            }
        };
        let found = match id {
            Some(id) => self.member(&id).await?,
            None => None,
        };
        found.ok_or_else(|| StaffRefused::Unknown(who.to_owned()))
    }

    /// Somebody belongs to the staff from now on.
    ///
    /// # Errors
    /// When the name or address cannot be one, the address is somebody else's, or nothing can be stored.
    pub async fn add(&self, name: &str, email: Option<&str>, roles: &[Role]) -> Result<Arc<Member>, StaffRefused> {
        let (name, email) = (check_name(name)?, email.map(check_email).transpose()?);
        let id = StaffId::mint(&*self.0.clock, &*self.0.chance);
        let added = Event::StaffAdded {
            staff: id.clone(),
            name: Personal::identity(name),
            email: email.clone().map(Personal::identity),
            roles: roles.to_vec(),
        };
        let mut append = self.append(&id, vec![added.clone()]);
        append.batches.push(Batch { stream: StreamId::roster(), expected: Expected::Any, events: vec![(append.at, added)] });
        append.claims.extend(email.as_deref().map(|email| Claim {
            kind: "staff_email".to_owned(),
            key: token::email_key(&self.0.secret, email),
            result: id.to_string(),
        }));
        match self.0.log.append(append).await? {
            Appended::Written { .. } => self.fresh(&id).await,
            Appended::AlreadyClaimed { .. } => Err(StaffRefused::EmailTaken(email.unwrap_or_default())),
        }
    }

    /// Changes what somebody is for, or whether they belong to the staff at all. Who does not is signed out everywhere.
    ///
    /// # Errors
    /// When there is nobody like that or nothing can be stored.
    pub async fn change(&self, id: &StaffId, roles: &[Role], active: bool) -> Result<Arc<Member>, StaffRefused> {
        self.member(id).await?.ok_or_else(|| StaffRefused::Unknown(id.to_string()))?;
        self.write(id, Event::StaffChanged { roles: roles.to_vec(), active }).await?;
        self.fresh(id).await
    }

    /// Somebody goes away, or is back. It holds for all their screens and over a restart, until they say otherwise.
    ///
    /// # Errors
    /// When there is nobody like that or nothing can be stored.
    pub async fn set_away(&self, id: &StaffId, away: bool) -> Result<Arc<Member>, StaffRefused> {
        let member = self.fresh(id).await?;
        if member.away == away {
            return Ok(member);
        }
        self.write(id, Event::AvailabilityChanged { away }).await?;
        self.fresh(id).await
    }

    /// A link that signs this person in, once, within half an hour.
    ///
    /// # Errors
    /// When they do not belong to the staff now or nothing can be stored.
    pub async fn start_link(&self, id: &StaffId) -> Result<Link, StaffRefused> {
        let member = self.member(id).await?.ok_or_else(|| StaffRefused::Unknown(id.to_string()))?;
        if !member.active {
            return Err(StaffRefused::Inactive(member.name.clone()));
        }
        let token = token::random(&*self.0.chance);
        let expires = self.0.clock.now().plus(LINK_LASTS);
        let hash = token::link_hash(&self.0.secret, &token);
        let mut append = self.append(id, vec![Event::StartLinkMade { hash: hash.clone(), expires }]);
        append.claims.push(Claim { kind: "start_link".to_owned(), key: hash, result: id.to_string() });
        self.0.log.append(append).await?;
        self.fresh(id).await?;
        Ok(Link { token, expires })
    }

    /// Uses a link up and begins a session.
    ///
    /// # Errors
    /// [`StaffRefused::LinkUsed`] when it does not work, whatever the reason; when nothing can be stored.
    pub async fn use_link(&self, token: &str) -> Result<SignedIn, StaffRefused> {
        let hash = token::link_hash(&self.0.secret, token);
        let whose = self.0.log.claimed("start_link".to_owned(), hash.clone()).await?;
        let id = whose.and_then(|id| StaffId::parse(&id)).ok_or(StaffRefused::LinkUsed)?;
        let member = self.fresh(&id).await?;
        if !member.admits_link(&hash, self.0.clock.now()) {
            return Err(StaffRefused::LinkUsed);
        }
        // Of two who press at the same moment one gets in: the claim is made with the session.
        let used = Claim { kind: "start_link_used".to_owned(), key: hash.clone(), result: id.to_string() };
        self.begin(&id, "start_link", vec![Event::StartLinkUsed { hash }], vec![used]).await
    }

    /// Begins a session for somebody who has proven who they are, by this way.
    ///
    /// # Errors
    /// When nothing can be stored.
    pub async fn sign_in(&self, id: &StaffId, by: &str) -> Result<SignedIn, StaffRefused> {
        self.begin(id, by, Vec::new(), Vec::new()).await
    }

    /// Whose session this token is.
    ///
    /// # Errors
    /// [`StaffRefused::NotSignedIn`] when it is nobody's, or not any more, whatever the reason; when the log cannot be read.
    pub async fn recognise(&self, token: &str) -> Result<Recognised, StaffRefused> {
        let read = SessionToken::read(&self.0.secret, token).ok_or(StaffRefused::NotSignedIn)?;
        let now = self.0.clock.now();
        let idle = now.since(read.seen);
        if idle >= IDLE {
            return Err(StaffRefused::NotSignedIn);
        }
        let member = self.member(&read.staff).await?.ok_or(StaffRefused::NotSignedIn)?;
        let session = read.hash(&self.0.secret);
        let until = member.session(&session, now).ok_or(StaffRefused::NotSignedIn)?;
        let renewed = (idle >= RENEWED_AFTER).then(|| read.seen_at(now).written(&self.0.secret));
        Ok(Recognised { member, session, until, renewed })
    }

    /// Is this session of theirs still open? What a live stream asks now and then.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn lasts(&self, id: &StaffId, session: &str) -> Result<bool, StaffRefused> {
        Ok(self.member(id).await?.is_some_and(|member| member.session(session, self.0.clock.now()).is_some()))
    }

    /// Ends one session of somebody, or all of them.
    ///
    /// # Errors
    /// When nothing can be stored.
    pub async fn sign_out(&self, id: &StaffId, session: Option<String>) -> Result<(), StaffRefused> {
        self.write(id, Event::SignedOut { session }).await?;
        self.fresh(id).await.map(drop)
    }

    pub(super) async fn begin(&self, id: &StaffId, by: &str, mut events: Vec<Event>, claims: Vec<Claim>) -> Result<SignedIn, StaffRefused> {
        let now = self.0.clock.now();
        let token = SessionToken::new(id.clone(), &*self.0.chance, now);
        let until = now.plus(SESSION_LASTS);
        events.push(Event::SignedIn { session: token.hash(&self.0.secret), by: by.to_owned(), until });
        let mut append = self.append(id, events);
        append.claims = claims;
        match self.0.log.append(append).await? {
            Appended::Written { .. } => Ok(SignedIn { member: self.fresh(id).await?, token: token.written(&self.0.secret), until }),
            Appended::AlreadyClaimed { .. } => Err(StaffRefused::LinkUsed),
        }
    }

    fn append(&self, id: &StaffId, events: Vec<Event>) -> Append {
        let mut append = Append::new(self.0.clock.now(), StreamId::staff(id), Expected::Any, events);
        append.subject = Some(Subject(id.to_string()));
        append
    }

    pub(super) async fn write(&self, id: &StaffId, event: Event) -> Result<(), StaffRefused> {
        self.0.log.append(self.append(id, vec![event])).await?;
        Ok(())
    }

    /// As the log has them now, whatever is kept.
    pub(super) async fn fresh(&self, id: &StaffId) -> Result<Arc<Member>, StaffRefused> {
        let kept = self.kept(id).map(|(member, _)| member);
        self.read(id, kept, self.0.clock.now()).await?.ok_or_else(|| StaffRefused::Unknown(id.to_string()))
    }

    fn kept(&self, id: &StaffId) -> Option<(Arc<Member>, Timestamp)> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    async fn read(&self, id: &StaffId, kept: Option<Arc<Member>>, now: Timestamp) -> Result<Option<Arc<Member>>, StaffRefused> {
        let mut member = kept.map_or_else(|| Member::unknown(id.clone()), |member| (*member).clone());
        loop {
            let page = self.0.log.read_stream(StreamId::staff(id), member.length, PAGE).await?;
            page.iter().for_each(|recorded| member.apply(recorded));
            if page.len() < PAGE {
                break;
            }
        }
        // Nobody is kept who does not exist: strangers could fill the house with names.
        if member.length == 0 {
            return Ok(None);
        }
        let member = Arc::new(member);
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = kept.entry(id.clone()).or_insert_with(|| (member.clone(), now));
        if newest.0.length <= member.length {
            *newest = (member.clone(), now);
        }
        Ok(Some(newest.0.clone()))
    }
}

fn check_name(name: &str) -> Result<String, StaffRefused> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST.0 || name.chars().any(char::is_control) {
        return Err(StaffRefused::Invalid(format!("a name has 1 to {} visible characters", LONGEST.0)));
    }
    Ok(name.to_owned())
}

fn check_email(email: &str) -> Result<String, StaffRefused> {
    let email = email.trim();
    let parts = email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.') || host == "localhost");
    if !parts || email.len() > LONGEST.1 || email.chars().any(|one| one.is_control() || one.is_whitespace()) {
        return Err(StaffRefused::Invalid(format!("'{email}' is no address like aiko@example.com")));
    }
    Ok(email.to_owned())
}
