//! What a selector finds in the context.

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce;
use super::javascript::items::Items;
use super::javascript::property::{Found, OBJECT_PROTOTYPE};
use super::javascript::stringify::stringify;
use super::javascript::text::Text;
use super::javascript::value::Value;

/// What selectors begin at: the context, and beside it the results of earlier flags, of which there are none.
pub(super) struct Target<'a> {
    pub context: &'a Value,
}

impl<'a> Target<'a> {
    fn member(&self, name: &Text) -> Found<'a> {
        match name {
            _ if name.is("context") => Found::Value(self.context),
            _ if name.is("result") => Found::Value(&OBJECT_PROTOTYPE),
            _ => Found::Value(&OBJECT_PROTOTYPE).member(name),
        }
    }

    /// What stands at the end of this path. What JavaScript takes for false is not there for the engine.
    pub fn select(&self, selector: Option<&Value>, budget: &mut Budget) -> Result<Found<'a>, Stop> {
        let Some(selector) = selector.filter(|selector| selector.is_truthy()) else {
            return Ok(Found::Undefined);
        };
        let mut path = Items::of(Some(selector))?;
        let mut found = None;
        while let Some(element) = path.next(budget)? {
            let Some(element) = element.value().filter(|element| element.is_truthy()) else {
                return Ok(Found::Undefined);
            };
            if found.as_ref().is_some_and(|found: &Found| !found.is_truthy() || !found.is_object()) {
                return Ok(Found::Undefined);
            }
            let name = coerce::to_text(element, budget)?;
            found = Some(found.map_or_else(|| self.member(&name), |found| found.member(&name)));
        }
        Ok(found.filter(Found::is_truthy).unwrap_or(Found::Undefined))
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
