//! The reader itself: RFC 8259 to the letter, at most 64 levels deep, every key once, every number one that can be represented.

use super::{DEEPEST, Fault, string};
use crate::problem::Code;
use serde_json::{Map, Number, Value};

type Read<T> = Result<T, Fault>;

/// Where the reader stands in its text.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// Reads one value and nothing after it.
pub(super) fn document(text: &str) -> Read<Value> {
    let mut cursor = Cursor { text, at: 0 };
    let value = cursor.value(0)?;
    cursor.space();
    if cursor.at < text.len() { Err(cursor.fault("Something follows the JSON document")) } else { Ok(value) }
}

impl Cursor<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn fault(&self, what: &str) -> Fault {
        let what = if self.at >= self.text.len() { "The JSON ends too early" } else { what };
        Fault { code: Code::JsonInvalid, at: self.at, what: what.to_owned() }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over `byte` if it is next.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        self.space();
        match self.peek() {
            Some(b'{' | b'[') if depth == DEEPEST => {
                Err(Fault { code: Code::JsonTooDeep, at: self.at, what: format!("The JSON is more than {DEEPEST} levels deep") })
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => string::read(self).map(Value::String),
            Some(b'-' | b'0'..=b'9' | b'N' | b'I') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        let mut map = Map::new();
        self.at += 1;
        self.space();
        if self.take(b'}') {
            return Ok(Value::Object(map));
        }
        loop {
            self.space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("Expected a key in double quotes"));
            }
            let key = string::read(self)?;
            if map.contains_key(&key) {
                let shown: String = key.chars().take(64).collect();
                return Err(Fault { code: Code::JsonDuplicateKey, at: start, what: format!("The key {shown:?} stands twice") });
            }
            self.space();
            if !self.take(b':') {
                return Err(self.fault("Expected ':' after a key"));
            }
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            self.space();
            if self.take(b'}') {
                return Ok(Value::Object(map));
            }
            if !self.take(b',') {
                return Err(self.fault("Expected ',' or '}'"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        let mut list = Vec::new();
        self.at += 1;
        self.space();
        if self.take(b']') {
            return Ok(Value::Array(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::Array(list));
            }
            if !self.take(b',') {
                return Err(self.fault("Expected ',' or ']'"));
            }
        }
    }

    fn word(&mut self) -> Read<Value> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("Expected a value"))
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        let out_of_range = |what: &str| Fault { code: Code::NumberOutOfRange, at: start, what: what.to_owned() };
        let rest = &self.text[start..];
        if ["NaN", "Infinity", "-Infinity"].iter().any(|word| rest.starts_with(word)) {
            return Err(out_of_range("A number is not finite"));
        }
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let finite = text.parse::<f64>().is_ok_and(f64::is_finite);
        if !finite || text.len() > 64 {
            return Err(out_of_range("A number is out of range"));
        }
        let number: Number = serde_json::from_str(text).map_err(|_| out_of_range("A number cannot be read"))?;
        Ok(Value::Number(number))
    }

    fn digits(&mut self) -> Read<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.fault("Expected a digit"));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }
}
