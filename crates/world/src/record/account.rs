//! The money side of a customer: how they pay, what was tried, what they have to their credit, what recurs.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::money::Cents;
use crate::refusal::Refusal;
use crate::table::Record;

/// A customer's account with billing.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) customer_id: String,
    pub(crate) methods: Vec<Method>,
    pub(crate) payments: Vec<Attempt>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) recurring: Vec<Recurring>,
}

/// A way to pay, masked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    /// `card` or `sepa_debit`.
    pub(crate) kind: &'static str,
    /// Such as `visa ending in 4242`.
    pub(crate) label: String,
    /// `YYYY-MM`; a debit does not expire.
    pub(crate) expires: Option<String>,
    pub(crate) is_default: bool,
    pub(crate) is_expired: bool,
}

/// A payment that was tried.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) invoice_id: String,
    pub(crate) method_id: String,
    pub(crate) amount: Cents,
    pub(crate) at: Timestamp,
    /// `succeeded` or `failed`.
    pub(crate) status: &'static str,
    /// Why it failed, such as `insufficient_funds`.
    pub(crate) failure: Option<&'static str>,
}

/// Money to the customer's credit.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Credit {
    pub(crate) id: String,
    pub(crate) amount: Cents,
    pub(crate) reason: &'static str,
    pub(crate) granted_on: Date,
}

/// Something charged again and again.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Recurring {
    pub(crate) text: String,
    pub(crate) amount: Cents,
    pub(crate) every: &'static str,
    pub(crate) next_on: Date,
}

impl Record for Account {
    fn id(&self) -> &str {
        &self.customer_id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Account {
    /// The method `id`, if money can be taken with it.
    pub(crate) fn usable_method(&self, id: &str) -> Result<&Method, Refusal> {
        let method = self.methods.iter().find(|method| method.id == id);
        let method = method.ok_or_else(|| Refusal::rule("method_unknown", format!("there is no payment method '{id}'")))?;
        if method.is_expired {
            return Err(Refusal::rule("payment_failed", format!("{} has expired", method.label)));
        }
        Ok(method)
    }

    /// Everything to the customer's credit.
    pub(crate) fn credit(&self) -> Cents {
        self.credits.iter().map(|credit| credit.amount).sum()
    }

    /// Enters a payment that went through.
    pub(crate) fn enter_payment(&mut self, invoice_id: &str, method_id: &str, amount: Cents, at: Timestamp) -> Attempt {
        let attempt = Attempt {
            id: format!("PAY-{invoice_id}-{}", self.payments.len() + 1),
            invoice_id: invoice_id.to_owned(),
            method_id: method_id.to_owned(),
            amount,
            at,
            status: "succeeded",
            failure: None,
        };
        self.payments.insert(0, attempt.clone());
        attempt
    }
}
