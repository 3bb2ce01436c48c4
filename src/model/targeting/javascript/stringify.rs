//! `JSON.stringify(value)`

use super::budget::{Budget, Stop};
use super::number;
use super::text::Text;
use super::value::Value;

pub(in crate::model::targeting) fn stringify(value: &Value, budget: &mut Budget) -> Result<Text, Stop> {
    let mut written = Text::new();
    write(value, &mut written, budget)?;
    Ok(written)
}

fn write(value: &Value, out: &mut Text, budget: &mut Budget) -> Result<(), Stop> {
    let start = out.size();
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if number.is_finite() => out.push_str(&number::to_text(*number)),
        Value::Number(_) => out.push_str("null"),
        Value::Text(text) => write_text(text, out),
        Value::Array(elements) => {
            write_list(('[', ']'), elements, out, |element, out| write(element, out, budget))?;
        }
        Value::Object(object) => write_list(('{', '}'), object.members(), out, |(name, value), out| {
            write_text(name, out);
            out.push(':');
            write(value, out, budget)
        })?,
    }
    budget.bytes(out.size() - start)
}

fn write_list<T>(
    (open, close): (char, char),
    items: &[T],
    out: &mut Text,
    mut write: impl FnMut(&T, &mut Text) -> Result<(), Stop>,
) -> Result<(), Stop> {
    out.push(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(item, out)?;
    }
    out.push(close);
    Ok(())
}

fn write_text(text: &Text, out: &mut Text) {
    out.push('"');
    for point in char::decode_utf16(text.units()) {
        match point {
            Ok('"') => out.push_str("\\\""),
            Ok('\\') => out.push_str("\\\\"),
            Ok('\u{8}') => out.push_str("\\b"),
            Ok('\u{C}') => out.push_str("\\f"),
            Ok('\n') => out.push_str("\\n"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\t') => out.push_str("\\t"),
            Ok(control @ '\0'..' ') => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            Ok(character) => out.push(character),
            Err(half) => out.push_str(&format!("\\u{:04x}", half.unpaired_surrogate())),
        }
    }
    out.push('"');
}
