//! What JavaScript makes of a value where it wants a text or a number.

use super::budget::{Budget, Stop};
use super::number;
use super::text::Text;
use super::value::Value;

/// `String(value)`
pub(in crate::model::targeting) fn to_text(value: &Value, budget: &mut Budget) -> Result<Text, Stop> {
    let mut text = Text::new();
    write(value, &mut text, budget)?;
    Ok(text)
}

fn write(value: &Value, out: &mut Text, budget: &mut Budget) -> Result<(), Stop> {
    let start = out.size();
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number::to_text(*number)),
        Value::Text(text) => out.push_text(text),
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                if *element != Value::Null {
                    write(element, out, budget)?;
                }
            }
        }
        // A member of that name hides the method, and nothing that JSON can hold is one.
        Value::Object(object) if object.named("toString").is_some() => return Err(Stop::Threw),
        Value::Object(_) => out.push_str("[object Object]"),
    }
    budget.bytes(out.size() - start)
}

/// `Number(value)`
pub(in crate::model::targeting) fn to_number(value: &Value, budget: &mut Budget) -> Result<f64, Stop> {
    Ok(match value {
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => *number,
        Value::Text(text) => number_of(text, budget)?,
        Value::Array(_) | Value::Object(_) => {
            let text = to_text(value, budget)?;
            number_of(&text, budget)?
        }
    })
}

/// `Number(text)`
pub(in crate::model::targeting) fn number_of(text: &Text, budget: &mut Budget) -> Result<f64, Stop> {
    budget.bytes(text.size())?;
    Ok(number::from_text(text))
}

/// The primitive value that operators compare.
pub(in crate::model::targeting) enum Primitive {
    Text(Text),
    Number(f64),
}

impl Primitive {
    pub fn of(value: &Value, budget: &mut Budget) -> Result<Self, Stop> {
        Ok(match value {
            Value::Text(_) | Value::Array(_) | Value::Object(_) => Self::Text(to_text(value, budget)?),
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Number(to_number(value, budget)?),
        })
    }
}
