//! `JSON.parse(text)`, to a bounded depth.

use super::text::Text;
use super::value::{Object, Value};

/// Deeper than any rule, any event and any property is. A level takes a few hundred bytes of stack.
const MAX_DEPTH: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model::targeting) enum Unread {
    /// It is no JSON.
    NoJson,
    /// It is nested deeper than is read.
    TooDeep,
}

pub(in crate::model::targeting) fn parse(json: &str) -> Result<Value, Unread> {
    let mut parser = Parser { text: json, at: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.at == json.len() { Ok(value) } else { Err(Unread::NoJson) }
}

/// The value that this one is; `None` where it is nested deeper than is read.
pub(in crate::model::targeting) fn from_serde(value: &serde_json::Value, depth: usize) -> Option<Value> {
    use serde_json::Value as Serde;
    if depth == MAX_DEPTH && matches!(value, Serde::Array(_) | Serde::Object(_)) {
        return None;
    }
    Some(match value {
        Serde::Null => Value::Null,
        Serde::Bool(value) => Value::Bool(*value),
        Serde::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Serde::String(text) => Value::Text(text.as_str().into()),
        Serde::Array(elements) => Value::Array(
            elements.iter().map(|element| from_serde(element, depth + 1)).collect::<Option<_>>()?,
        ),
        Serde::Object(members) => {
            let member =
                |(name, value): (&String, _)| Some((name.as_str().into(), from_serde(value, depth + 1)?));
            Value::Object(Object::new(members.iter().map(member).collect::<Option<_>>()?))
        }
    })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, Unread> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => Err(Unread::TooDeep),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Unread> {
        let mut members = Vec::new();
        self.list(b'}', |this| {
            this.skip_space();
            let name = this.string()?;
            this.skip_space();
            this.expect(b':')?;
            members.push((name, this.value(depth + 1)?));
            Ok(())
        })?;
        Ok(Value::Object(Object::new(members)))
    }

    fn array(&mut self, depth: usize) -> Result<Value, Unread> {
        let mut elements = Vec::new();
        self.list(b']', |this| {
            elements.push(this.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Value::Array(elements))
    }

    /// Items with commas between them, behind what opens the list and up to what closes it.
    fn list(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), Unread>,
    ) -> Result<(), Unread> {
        self.at += 1;
        self.skip_space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.take(close) {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<Text, Unread> {
        self.expect(b'"')?;
        let mut text = Text::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            if self.take(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            text.push_unit(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<u16, Unread> {
        let byte = self.peek().ok_or(Unread::NoJson)?;
        self.at += 1;
        Ok(u16::from(match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4).ok_or(Unread::NoJson)?;
                let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                self.at += 4;
                return u16::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(Unread::NoJson);
            }
            _ => return Err(Unread::NoJson),
        }))
    }

    fn number(&mut self) -> Result<Value, Unread> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        written.parse().map(Value::Number).map_err(|_| Unread::NoJson)
    }

    fn digits(&mut self) -> Result<(), Unread> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Unread::NoJson) }
    }

    fn word(&mut self) -> Result<Value, Unread> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(Unread::NoJson)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Unread> {
        if self.take(byte) { Ok(()) } else { Err(Unread::NoJson) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::super::stringify::stringify;
    use super::*;

    #[test]
    fn json_is_read_and_written_as_in_javascript() {
        for (json, written) in [
            (r#" [ 1.0 , -0, 1e400, "\ud800\u0041\/", {} ] "#, r#"[1,0,null,"\ud800A/",{}]"#),
            (r#"{"b":1,"2":2,"a":"\u0001\n\"","b":3}"#, r#"{"2":2,"b":3,"a":"\u0001\n\""}"#),
            (r#""\ud83d\ude00""#, "\"😀\""),
        ] {
            let value = parse(json).unwrap();
            assert_eq!(stringify(&value, &mut Budget::new()).unwrap(), written.into(), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "\"",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u00g0\"",
            "\"\\u+123\"",
            "\"\\ué\"",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "-",
            "nul",
            "truex",
            "[] []",
            "'a'",
            "NaN",
            "\u{feff}1",
        ] {
            assert_eq!(parse(text), Err(Unread::NoJson), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        for depth in [MAX_DEPTH + 1, 1_000_000] {
            assert_eq!(parse(&nested(depth)), Err(Unread::TooDeep));
        }
        let value = (0..=MAX_DEPTH).fold(serde_json::Value::Null, |inner, _| vec![inner].into());
        assert_eq!((from_serde(&value, 0), from_serde(&value[0], 0).is_some()), (None, true));
    }
}
