//! The shop's calculator: numbers, `+ - * /` and parentheses, in exact decimals, rounded to two places at the end.

/// Fixed point with nine places: enough for prices and shares of them, and never floating point.
const SCALE: i128 = 1_000_000_000;

/// Parentheses and signs may nest so deep.
const DEEPEST: u8 = 64;

/// The value of `expression`, as decimal text with one or two places; or what is wrong with it.
pub(super) fn calculate(expression: &str) -> Result<String, String> {
    if expression.len() > 1_000 {
        return Err("the expression is too long".to_owned());
    }
    let mut reader = Reader { rest: expression.trim_start(), depth: 0 };
    let value = reader.sum()?;
    if !reader.rest.is_empty() {
        return Err(format!("nothing is expected at '{}'", reader.rest));
    }
    Ok(rounded(value))
}

struct Reader<'a> {
    rest: &'a str,
    depth: u8,
}

impl Reader<'_> {
    /// `product (('+' | '-') product)*`
    fn sum(&mut self) -> Result<i128, String> {
        let mut value = self.product()?;
        loop {
            value = if self.takes('+') {
                value.checked_add(self.product()?)
            } else if self.takes('-') {
                value.checked_sub(self.product()?)
            } else {
                return Ok(value);
            }
            .ok_or_else(too_large)?;
        }
    }

    /// `factor (('*' | '/') factor)*`
    fn product(&mut self) -> Result<i128, String> {
        let mut value = self.factor()?;
        loop {
            value = if self.takes('*') {
                value.checked_mul(self.factor()?).map(|product| product / SCALE)
            } else if self.takes('/') {
                match self.factor()? {
                    0 => return Err("division by zero".to_owned()),
                    by => value.checked_mul(SCALE).map(|scaled| scaled / by),
                }
            } else {
                return Ok(value);
            }
            .ok_or_else(too_large)?;
        }
    }

    /// A number, a sign before a factor, or a sum in parentheses.
    fn factor(&mut self) -> Result<i128, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the expression nests too deep".to_owned());
        }
        let value = if self.takes('-') {
            -self.factor()?
        } else if self.takes('+') {
            self.factor()?
        } else if self.takes('(') {
            let inner = self.sum()?;
            if !self.takes(')') {
                return Err("a closing parenthesis is missing".to_owned());
            }
            inner
        } else {
            self.number()?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self) -> Result<i128, String> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        let (whole, places) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && places.is_empty()) || places.contains('.') {
            return Err(format!("a number is expected at '{}'", self.rest));
        }
        let places: String = places.chars().chain(std::iter::repeat('0')).take(9).collect();
        let digits = format!("{whole}{places}");
        self.rest = rest.trim_start();
        digits.parse().map_err(|_| too_large())
    }

    /// Takes `sign` and the blanks after it, if it comes next.
    fn takes(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }
}

fn too_large() -> String {
    "the numbers are too large".to_owned()
}

/// Rounded half up to two places; at least one place is written, as in `4.0`.
fn rounded(value: i128) -> String {
    let cent = SCALE / 100;
    let size = (value.abs() + cent / 2) / cent;
    let sign = if value < 0 && size > 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:02}", size / 100, size % 100);
    text.strip_suffix('0').map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::calculate;

    #[test]
    fn calculates_exactly() {
        for (expression, value) in [
            ("2 + 2", "4.0"),
            ("0.1 + 0.2", "0.3"),
            ("54.04 - 50.88 + 3 * (2 - 0.5)", "7.66"),
            ("-(3 - 5) / 3", "0.67"),
            ("1380.79", "1380.79"),
            (" ( 1 ) ", "1.0"),
        ] {
            assert_eq!(calculate(expression).as_deref(), Ok(value), "{expression}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        let deep = "(".repeat(900);
        for expression in ["", "2 +", "import os", "1 / 0", "1..2", "(1", "2 ** 3", "9".repeat(60).as_str(), &deep] {
            assert!(calculate(expression).is_err(), "{expression}");
        }
    }
}
