//! Money: whole minor units and a currency. Never a floating point number.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 code, such as `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// How many decimal places the currency has (ISO 4217): 0 for the yen, 3 for the dinars, otherwise 2.
    #[must_use]
    pub fn places(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF"
            | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

/// Why a text or number is no money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    /// Not three capital letters.
    #[error("'{0}' is no currency code like EUR")]
    Currency(String),
    /// Not a decimal number.
    #[error("'{0}' is no amount like 30.00")]
    Amount(String),
    /// More decimal places than the currency has.
    #[error("'{amount}' has more decimal places than {currency} allows")]
    Places {
        /// The amount as written.
        amount: String,
        /// The currency that has fewer places.
        currency: String,
    },
    /// Larger than 64 bits of minor units.
    #[error("'{0}' is too large an amount")]
    TooLarge(String),
}

impl TryFrom<String> for Currency {
    type Error = NotMoney;

    fn try_from(code: String) -> Result<Self, NotMoney> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl FromStr for Currency {
    type Err = NotMoney;

    fn from_str(code: &str) -> Result<Self, NotMoney> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(NotMoney::Currency(code.to_owned())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in whole minor units (cents) of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 5990 is 59.90 EUR, or 5990 JPY.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Reads a backend's decimal text (`59.9`, `59.90`) in a known currency, exactly.
    ///
    /// # Errors
    /// When it is no decimal number, has more places than the currency, or does not fit.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, NotMoney> {
        let amount = Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).map_err(|_| NotMoney::Amount(text.to_owned()))?;
        let minor = amount.checked_mul(Decimal::from(10_i64.pow(currency.places()))).ok_or_else(|| NotMoney::TooLarge(text.to_owned()))?;
        if !minor.fract().is_zero() {
            return Err(NotMoney::Places { amount: text.to_owned(), currency: currency.to_string() });
        }
        let minor = i64::try_from(minor.trunc()).map_err(|_| NotMoney::TooLarge(text.to_owned()))?;
        Ok(Self { minor, currency })
    }

    /// The amount as decimal text without the currency: `59.90`.
    #[must_use]
    pub fn decimal(&self) -> String {
        Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.places()).to_string()
    }

    /// Compares two amounts; `None` when the currencies differ.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl FromStr for Money {
    type Err = NotMoney;

    /// Reads the spelling of configurations: `30.00 EUR`.
    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let (amount, currency) = text.trim().split_once(' ').ok_or_else(|| NotMoney::Amount(text.to_owned()))?;
        Self::from_decimal(amount, currency.trim().parse()?)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_minor_units_exactly() {
        let euro: Currency = "EUR".parse().unwrap();
        assert_eq!(Money::from_decimal("59.9", euro).unwrap().minor, 5990);
        assert_eq!(Money::from_decimal("-0.01", euro).unwrap().minor, -1);
        assert_eq!("30.00 EUR".parse::<Money>().unwrap().to_string(), "30.00 EUR");
        assert_eq!("500 JPY".parse::<Money>().unwrap().to_string(), "500 JPY");
    }

    #[test]
    fn what_is_no_money_is_refused() {
        let euro: Currency = "EUR".parse().unwrap();
        assert!(matches!(Money::from_decimal("0.305", euro), Err(NotMoney::Places { .. })));
        assert!(matches!(Money::from_decimal("much", euro), Err(NotMoney::Amount(_))));
        assert!(matches!(Money::from_decimal("99999999999999999999", euro), Err(NotMoney::TooLarge(_))));
        assert!("30.00 euro".parse::<Money>().is_err());
    }
}
