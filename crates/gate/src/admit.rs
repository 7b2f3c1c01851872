//! The first door: may this be asked of a backend?

use crate::admission::{Actor, Admission, Admitted, Request};
use crate::args::refused;
use crate::rules::{Asked, Checked, Rules, Who};
use patchbay_condition::Scope;
use patchbay_core::action;
use patchbay_core::declare::{Access, Confirmer};
use patchbay_core::words::RefusalCode;

impl Rules {
    /// Decides about one wish for a call. The first rule that says no decides; the order is part of the contract: tool,
    /// arguments, assurance, identity, limits, condition, confirmation.
    #[must_use]
    pub fn admit(&self, request: &Request<'_>) -> Admission {
        self.decide(request).map_or_else(|no| no, Admission::Admitted)
    }

    fn decide(&self, request: &Request<'_>) -> Result<Admitted, Admission> {
        let checked = self.tool_for(request)?;
        let typed = checked.arguments(request)?;
        if request.session.level_at(request.now) < checked.tool.auth {
            return Err(Admission::NeedsStepUp { level: checked.tool.auth });
        }
        let calls = checked.calls(request, &typed)?;
        checked.limits(&typed, request.used, request.now)?;
        let who = Who { session: request.session, customer: request.customer, now: request.now };
        let scope = checked.scope(&typed, who, request.facts);
        // An error of a rule is a no.
        if !checked.allow.holds(&scope).unwrap_or(false) {
            let rule = checked.allow.source().to_owned();
            return Err(Admission::Refused { code: RefusalCode::Condition, text: checked.tool.refuse.clone(), rule });
        }
        let digest = action::digest(request.tool, request.args, request.session.customer.as_ref(), &self.seen(request.tool, request.facts));
        checked.confirmation(request, &scope, &digest)?;
        Ok(Admitted::new(request.tool, typed, calls, digest))
    }

    /// The tool, if it exists and this actor may use it at all.
    fn tool_for(&self, request: &Request<'_>) -> Result<&Checked, Admission> {
        let not_allowed = |rule: &str| refused(RefusalCode::ToolNotAllowed, rule);
        let checked = self.tools.get(request.tool).ok_or_else(|| not_allowed("there is no such tool"))?;
        if request.tools_allowed.is_some_and(|allowed| !allowed.iter().any(|name| name == request.tool)) {
            return Err(not_allowed("not among this turn's tools"));
        }
        match (checked.tool.access, request.by) {
            (Access::Lookup, Actor::Identity) | (Access::Read, _) => Ok(checked),
            (Access::Lookup, _) => Err(not_allowed("only identity may look up")),
            (Access::Write, Actor::Identity) => Err(not_allowed("identity does not write")),
            (Access::Write, _) => Ok(checked),
        }
    }
}

impl Checked {
    /// A yes counts only for exactly what was shown, and everybody who has to must have given it.
    fn confirmation(&self, request: &Request<'_>, scope: &Scope, digest: &str) -> Result<(), Admission> {
        if self.tool.access != Access::Write {
            return Ok(());
        }
        if request.confirmed.is_some_and(|confirmed| confirmed.digest != digest) {
            return Err(refused(RefusalCode::ConfirmationMismatch, "the yes was for something else"));
        }
        let given = request.confirmed.map_or(&[][..], |confirmed| &confirmed.by);
        let missing: Vec<Confirmer> = self.confirm.by(scope).into_iter().filter(|person| !given.contains(person)).collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Admission::NeedsConfirmation { confirmers: missing, digest: digest.to_owned() }),
        }
    }
}

impl Asked {
    /// Who must say yes. Where the condition cannot be evaluated, everybody who might have to.
    fn by(&self, scope: &Scope) -> Vec<Confirmer> {
        match self {
            Self::Always(people) => people.clone(),
            Self::If { when, then, otherwise } => match when.holds(scope) {
                Ok(true) => then.clone(),
                Ok(false) => otherwise.clone(),
                Err(_) => {
                    let more = then.iter().filter(|person| !otherwise.contains(person));
                    more.chain(otherwise).copied().collect()
                }
            },
        }
    }
}
