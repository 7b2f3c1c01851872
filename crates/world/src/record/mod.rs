//! The company's records, one kind per file, each with the rules that hold for it.

pub(crate) mod account;
pub(crate) mod customer;
pub(crate) mod fulfilment;
pub(crate) mod invoice;
pub(crate) mod order;
pub(crate) mod parcel;
pub(crate) mod stock;
pub(crate) mod subscription;

use crate::table::Table;

use account::Account;
use customer::Customer;
use fulfilment::Fulfilment;
use invoice::Invoice;
use order::Order;
use parcel::Parcel;
use stock::Stock;
use subscription::Subscription;

/// Everything the company knows.
pub(crate) struct Company {
    pub(crate) customers: Table<Customer>,
    pub(crate) orders: Table<Order>,
    pub(crate) stock: Table<Stock>,
    pub(crate) fulfilments: Table<Fulfilment>,
    pub(crate) parcels: Table<Parcel>,
    pub(crate) invoices: Table<Invoice>,
    pub(crate) accounts: Table<Account>,
    pub(crate) subscriptions: Table<Subscription>,
}

impl Company {
    /// Back to the seed.
    pub(crate) fn reset(&mut self) {
        self.customers.reset();
        self.orders.reset();
        self.stock.reset();
        self.fulfilments.reset();
        self.parcels.reset();
        self.invoices.reset();
        self.accounts.reset();
        self.subscriptions.reset();
    }
}
