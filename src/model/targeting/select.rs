//! What a selector finds in the context.

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce;
use super::javascript::items::Items;
use super::javascript::property::Found;
use super::javascript::stringify::stringify;
use super::javascript::text::Text;
use super::javascript::value::{Object, Value};

/// What selectors begin at: the context, and beside it the results of earlier flags, of which there are none.
pub(super) struct Target(Value);

impl Target {
    pub fn new(context: Value) -> Self {
        let members = [("context", context), ("result", Value::Object(Object::EMPTY))];
        Self(Value::Object(Object::new(members.map(|(name, value)| (name.into(), value)).into())))
    }

    /// What stands at the end of this path. What JavaScript takes for false is not there for the engine.
    pub fn select(&self, selector: Option<&Value>, budget: &mut Budget) -> Result<Found<'_>, Stop> {
        let Some(selector) = selector.filter(|selector| selector.is_truthy() && !is_empty(selector)) else {
            return Ok(Found::Undefined);
        };
        let mut path = Items::of(Some(selector))?;
        let mut found = Found::Value(&self.0);
        while let Some(element) = path.next(budget)? {
            let Some(element) = element.value().filter(|element| element.is_truthy()) else {
                return Ok(Found::Undefined);
            };
            if !found.is_truthy() || !found.is_object() {
                return Ok(Found::Undefined);
            }
            found = found.member(&coerce::to_text(element, budget)?);
        }
        Ok(if found.is_truthy() { found } else { Found::Undefined })
    }
}

/// `selector.length === 0`. A path may be without elements in another way, by a length below zero: then it ends where it begins.
fn is_empty(selector: &Value) -> bool {
    match selector {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.named("length") == Some(&Value::Number(0.0)),
        _ => false,
    }
}

/// The engine's text of a value; `None` where JavaScript takes it for false.
pub(super) fn text_of(value: Option<&Value>, budget: &mut Budget) -> Result<Option<Text>, Stop> {
    Ok(match value.filter(|value| value.is_truthy()) {
        None => None,
        Some(value @ (Value::Array(_) | Value::Object(_))) => Some(stringify(value, budget)?),
        Some(value) => Some(coerce::to_text(value, budget)?),
    })
}
