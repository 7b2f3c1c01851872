//! An invoice with its lines, payments and refunds.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::money::Cents;
use crate::refusal::Refusal;
use crate::table::Record;

/// The most that may be refunded at once without a person of the company.
const MOST_AT_ONCE: Cents = Cents(20000);

/// An invoice.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Invoice {
    pub(crate) id: String,
    pub(crate) customer_id: String,
    pub(crate) issued_on: Date,
    pub(crate) due_on: Date,
    pub(crate) period: Period,
    pub(crate) status: InvoiceStatus,
    pub(crate) currency: &'static str,
    pub(crate) lines: Vec<Charge>,
    pub(crate) total: Cents,
    pub(crate) paid: Cents,
    pub(crate) refunded: Cents,
    pub(crate) refunds: Vec<Refund>,
}

/// The days an invoice is for, both included.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Period {
    pub(crate) from: Date,
    pub(crate) to: Date,
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvoiceStatus {
    Open,
    Overdue,
    Paid,
    PartlyRefunded,
    Refunded,
}

/// One line: what is charged and why.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Charge {
    /// `plan`, `feature`, `usage` or `fee`.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) quantity: u32,
    pub(crate) amount: Cents,
}

/// Money given back.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) amount: Cents,
    pub(crate) reason: String,
    pub(crate) at: Timestamp,
}

impl Record for Invoice {
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Invoice {
    /// What is still to be paid.
    pub(crate) fn outstanding(&self) -> Cents {
        (self.total - self.paid).max(Cents(0))
    }

    /// Gives back up to what was paid and not yet given back.
    pub(crate) fn refund(&mut self, amount: Cents, reason: String, now: Timestamp) -> Result<Refund, Refusal> {
        let possible = self.paid - self.refunded;
        if amount <= Cents(0) || amount > possible {
            let message = format!("between 0.01 and {possible} can be refunded on {}", self.id);
            return Err(Refusal::rule("amount_invalid", message));
        }
        if amount > MOST_AT_ONCE {
            let message = format!("refunds above {MOST_AT_ONCE} need a person of the company");
            return Err(Refusal::rule("limit_exceeded", message));
        }
        let id = format!("RF-{}-{}", self.id, self.refunds.len() + 1);
        let refund = Refund { id, amount, reason, at: now };
        self.refunds.push(refund.clone());
        self.refunded += amount;
        let all = self.refunded == self.paid;
        self.status = if all { InvoiceStatus::Refunded } else { InvoiceStatus::PartlyRefunded };
        Ok(refund)
    }

    /// Takes a payment of the whole or a part of what is outstanding.
    pub(crate) fn pay(&mut self, amount: Cents) -> Result<(), Refusal> {
        let outstanding = self.outstanding();
        if amount <= Cents(0) || amount > outstanding {
            let message = format!("{outstanding} is outstanding on {}", self.id);
            return Err(Refusal::rule("amount_invalid", message));
        }
        self.paid += amount;
        if self.outstanding() == Cents(0) {
            self.status = InvoiceStatus::Paid;
        }
        Ok(())
    }
}
