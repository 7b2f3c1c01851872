//! A customer as the CRM knows them, fields that no customer should hear of included.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::table::Record;

/// A customer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) address: Address,
    /// `basic`, `gold` or `platinum`.
    pub(crate) tier: &'static str,
    pub(crate) since: Date,
    /// BCP 47, such as `de`.
    pub(crate) language: String,
    pub(crate) preferences: Preferences,
    pub(crate) marketing_consent: bool,
    /// For staff only, as are the next two.
    pub(crate) notes: Vec<&'static str>,
    pub(crate) risk_score: u8,
    pub(crate) national_id: String,
}

/// How a customer likes to be dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferences {
    /// `email`, `phone` or `sms`.
    pub(crate) contact_by: String,
    /// Where parcels may be left.
    pub(crate) leave_parcels: String,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
    /// Two letters, ISO 3166.
    pub(crate) country: String,
}

/// Countries the company delivers to.
const COUNTRIES: [&str; 6] = ["DE", "NL", "AT", "BE", "DK", "FR"];

impl Record for Customer {
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> &str {
        &self.id
    }
}

impl Address {
    /// Refuses what nothing can be delivered to.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        for (field, text, most) in [("street", &self.street, 120), ("postcode", &self.postcode, 12), ("city", &self.city, 80)] {
            let length = text.trim().chars().count();
            if length == 0 || length > most {
                return Err(Refusal::rule("address_invalid", format!("{field} must have 1 to {most} characters")));
            }
        }
        if !COUNTRIES.contains(&self.country.as_str()) {
            let known = COUNTRIES.join(", ");
            return Err(Refusal::rule("address_invalid", format!("we deliver to {known}, not to '{}'", self.country)));
        }
        Ok(())
    }
}

/// What may be changed about a customer; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactChange {
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    preferences: Option<Preferences>,
    marketing_consent: Option<bool>,
}

impl Customer {
    /// Takes over what `change` names.
    pub(crate) fn update(&mut self, change: ContactChange) -> Result<(), Refusal> {
        if let Some(email) = change.email {
            let looks_right =
                email.len() <= 254 && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            if !looks_right {
                return Err(Refusal::rule("email_invalid", "that is no e-mail address"));
            }
            self.email = email;
        }
        if let Some(phone) = change.phone {
            let digits = phone.chars().filter(char::is_ascii_digit).count();
            if !(6..=15).contains(&digits) || phone.chars().any(char::is_alphabetic) {
                return Err(Refusal::rule("phone_invalid", "that is no phone number"));
            }
            self.phone = phone;
        }
        if let Some(preferences) = change.preferences {
            if !["email", "phone", "sms"].contains(&preferences.contact_by.as_str()) {
                return Err(Refusal::rule("preference_invalid", "contact_by is email, phone or sms"));
            }
            self.preferences = preferences;
        }
        self.language = change.language.unwrap_or_else(|| self.language.clone());
        self.marketing_consent = change.marketing_consent.unwrap_or(self.marketing_consent);
        Ok(())
    }
}
