//! Three monthly invoices for each subscription, and the accounts that paid them or did not.

use jiff::{ToSpan, civil::Date};

use super::{at, days_ago};
use crate::dice::Dice;
use crate::money::Cents;
use crate::record::account::{Account, Attempt, Credit, Method, Recurring};
use crate::record::customer::Customer;
use crate::record::invoice::{Charge, Invoice, InvoiceStatus, Period};
use crate::record::subscription::Subscription;

/// Makes invoices (newest first for each customer) and one account for every customer.
pub(super) fn books(today: Date, customers: &[Customer], subscriptions: &[Subscription], dice: &mut Dice) -> (Vec<Invoice>, Vec<Account>) {
    let mut invoices = Vec::new();
    let mut accounts = Vec::new();
    let mut number = 70_001;
    for customer in customers {
        let mut account = account(customer, today, dice);
        if let Some(subscription) = subscriptions.iter().find(|one| one.customer_id == customer.id) {
            account.recurring.push(Recurring {
                text: format!("{} plan with {} features", subscription.plan.name, subscription.features.len()),
                amount: subscription.price(),
                every: "month",
                next_on: subscription.renews_on,
            });
            for months in 1..=3 {
                let invoice = invoice(format!("INV-{number}"), subscription, months, &mut account, today, dice);
                invoices.push(invoice);
                number += 1;
            }
        }
        accounts.push(account);
    }
    (invoices, accounts)
}

fn account(customer: &Customer, today: Date, dice: &mut Dice) -> Account {
    let year = i64::from(today.year()) + dice.between(1, 4);
    let brand = *dice.pick(&["visa", "mastercard"]);
    let card = Method {
        id: format!("pm-{}-1", customer.id),
        kind: "card",
        label: format!("{brand} ending in {}", dice.between(1000, 9999)),
        expires: Some(format!("{year}-{:02}", dice.between(1, 12))),
        is_default: true,
        is_expired: false,
    };
    let mut methods = vec![card];
    if dice.chance(40) {
        methods.push(Method {
            id: format!("pm-{}-2", customer.id),
            kind: "sepa_debit",
            label: format!("DE** **** **** **** {}", dice.between(1000, 9999)),
            expires: None,
            is_default: false,
            is_expired: false,
        });
    }
    if dice.chance(15) {
        methods.push(Method {
            id: format!("pm-{}-3", customer.id),
            kind: "card",
            label: format!("visa ending in {}", dice.between(1000, 9999)),
            expires: Some(format!("{}-06", i64::from(today.year()) - 1)),
            is_default: false,
            is_expired: true,
        });
    }
    let credits = if dice.chance(15) {
        let amount = Cents(dice.between(2, 10) * 250);
        let granted_on = days_ago(today, dice.between(5, 60));
        vec![Credit { id: format!("cr-{}-1", customer.id), amount, reason: "late delivery", granted_on }]
    } else {
        Vec::new()
    };
    Account { customer_id: customer.id.clone(), methods, payments: Vec::new(), credits, recurring: Vec::new() }
}

/// The invoice of `months` ago, with the attempts to pay it.
fn invoice(id: String, subscription: &Subscription, months: i64, account: &mut Account, today: Date, dice: &mut Dice) -> Invoice {
    let issued_on = subscription.renews_on.saturating_sub(months.months());
    let lines = lines(subscription, dice);
    let total: Cents = lines.iter().map(|line| line.amount).sum();
    let due_on = issued_on.saturating_add(14.days());
    // Now and then the newest one is not paid yet; an older one was paid at the second try.
    let is_unpaid = months == 1 && dice.chance(30);
    if is_unpaid || dice.chance(8) {
        account.payments.push(attempt(&id, 1, account, total, at(issued_on, 3, 10), Some("insufficient_funds")));
    }
    if !is_unpaid {
        account.payments.push(attempt(&id, 2, account, total, at(issued_on.saturating_add(1.day()), 3, 10), None));
    }
    account.payments.sort_by_key(|payment| std::cmp::Reverse(payment.at));
    Invoice {
        customer_id: subscription.customer_id.clone(),
        issued_on,
        due_on,
        period: Period { from: issued_on, to: issued_on.saturating_add(1.month()).saturating_sub(1.day()) },
        status: match (is_unpaid, due_on < today) {
            (false, _) => InvoiceStatus::Paid,
            (true, true) => InvoiceStatus::Overdue,
            (true, false) => InvoiceStatus::Open,
        },
        currency: "EUR",
        lines,
        total,
        paid: if is_unpaid { Cents(0) } else { total },
        refunded: Cents(0),
        refunds: Vec::new(),
        id,
    }
}

fn lines(subscription: &Subscription, dice: &mut Dice) -> Vec<Charge> {
    let charge = |kind, text: String, quantity, amount| Charge { kind, text, quantity, amount };
    let plan = subscription.plan;
    let mut lines = vec![charge("plan", format!("{} plan", plan.name), 1, plan.price)];
    lines.extend(subscription.features.iter().map(|feature| charge("feature", feature.name.to_owned(), 1, feature.price)));
    if dice.chance(35) {
        let extra = dice.between(1, 14);
        let text = format!("Recording above {} GB", plan.recording_gb);
        lines.push(charge("usage", text, u32::try_from(extra).unwrap_or(1), Cents(35) * extra));
    }
    if dice.chance(6) {
        lines.push(charge("fee", "Reminder".to_owned(), 1, Cents(250)));
    }
    lines
}

fn attempt(invoice_id: &str, place: u8, account: &Account, amount: Cents, at: jiff::Timestamp, failure: Option<&'static str>) -> Attempt {
    Attempt {
        id: format!("PAY-{invoice_id}-{place}"),
        invoice_id: invoice_id.to_owned(),
        method_id: account.methods[0].id.clone(),
        amount,
        at,
        status: if failure.is_some() { "failed" } else { "succeeded" },
        failure,
    }
}
