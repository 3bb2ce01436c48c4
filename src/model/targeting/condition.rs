//! Whether a condition holds: an operator between a property of the context and values.

use std::collections::HashSet;

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce::{self, Primitive};
use super::javascript::items::{Item, Items};
use super::javascript::text::Text;
use super::javascript::value::Value;
use super::operator::{Operator, Order, SetOperator};
use super::regexes::Regexes;
use super::select::{Target, text_of};
use super::version::Version;

/// Whether the condition holds.
pub(super) fn holds(
    target: &Target,
    condition: &Item,
    regexes: &Regexes,
    budget: &mut Budget,
) -> Result<bool, Stop> {
    let property = target.select(condition.member("selector")?, budget)?;
    let operator = Operator::of(condition.member("op")?);
    let values = condition.member("values")?;
    let Some(property) = property.value() else {
        return Ok(operator.matches_nothing(has_none(values)?));
    };
    if let Operator::Set(operator) = operator {
        return match texts_of(property, budget)? {
            Some(texts) => set_holds(operator, &texts, values, budget),
            None => Ok(false),
        };
    }
    match text_of(Some(property), budget)? {
        Some(text) => text_holds(operator, &text, values, regexes, budget),
        None => Ok(false),
    }
}

fn text_holds(
    operator: Operator,
    property: &Text,
    values: Option<&Value>,
    regexes: &Regexes,
    budget: &mut Budget,
) -> Result<bool, Stop> {
    match operator {
        Operator::Is => is_any(property, array(values)?, budget),
        Operator::IsNot => is_any(property, array(values)?, budget).map(|is| !is),
        Operator::Contains => contains(property, values, budget),
        Operator::DoesNotContain => contains(property, values, budget).map(|contains| !contains),
        Operator::Number(order) => {
            let number = coerce::number_of(property, budget)?;
            // The engine makes numbers of all values before it compares one: any that can't be one ends the evaluation.
            array(values)?.iter().try_fold(false, |holds, value| {
                let ordering = number.partial_cmp(&coerce::to_number(value, budget)?);
                Ok(holds | order.holds(ordering))
            })
        }
        Operator::Version(order) => version_holds(order, property, array(values)?, budget),
        Operator::RegexMatch => any(array(values)?, |value| regexes.matches(value, property, budget)),
        Operator::RegexDoesNotMatch => {
            any(array(values)?, |value| regexes.matches(value, property, budget)).map(|matches| !matches)
        }
        Operator::Set(_) | Operator::Unknown => Ok(false),
    }
}

/// Whether it is one of them. Where `true` or `false` is among them, these two are so in any case of letters.
fn is_any(text: &Text, values: &[Value], budget: &mut Budget) -> Result<bool, Stop> {
    if any(values, |value| lowercase(value, budget).map(|lower| is_boolean(&lower)))? {
        budget.bytes(text.size())?;
        let lower = text.to_lowercase();
        if is_boolean(&lower) {
            return any(values, |value| lowercase(value, budget).map(|value| value == *lower));
        }
    }
    any(values, |value| {
        budget.step()?;
        Ok(value.as_text() == Some(text))
    })
}

/// Whether one of the values stands somewhere in it, in any case of letters.
fn contains(property: &Text, values: Option<&Value>, budget: &mut Budget) -> Result<bool, Stop> {
    let lower = property.to_lowercase();
    let mut values = Items::of(values)?;
    while let Some(value) = values.next(budget)? {
        let value = lowercase(value.value().ok_or(Stop::Threw)?, budget)?;
        budget.bytes(lower.size() + value.size())?;
        if lower.contains(&value) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Versions are compared as such where there are any, and else as texts.
fn version_holds(order: Order, property: &Text, values: &[Value], budget: &mut Budget) -> Result<bool, Stop> {
    budget.bytes(property.size())?;
    let mut versions = Vec::new();
    for value in values {
        budget.step()?;
        if value.is_truthy() {
            versions.extend(Version::parse(&coerce::to_text(value, budget)?));
        }
    }
    if let Some(version) = Version::parse(property).filter(|_| !versions.is_empty()) {
        return Ok(versions.iter().any(|other| order.holds(version.compare(other))));
    }
    any(values, |value| {
        budget.bytes(property.size())?;
        Ok(order.holds(match Primitive::of(value, budget)? {
            Primitive::Text(value) => Some(property.cmp(&value)),
            Primitive::Number(value) => coerce::number_of(property, budget)?.partial_cmp(&value),
        }))
    })
}

fn set_holds(
    operator: SetOperator,
    properties: &[Value],
    values: Option<&Value>,
    budget: &mut Budget,
) -> Result<bool, Stop> {
    match operator {
        SetOperator::Is => sets_equal(properties, values, budget),
        SetOperator::IsNot => sets_equal(properties, values, budget).map(|equal| !equal),
        SetOperator::Contains => contains_all(properties, values, budget),
        SetOperator::DoesNotContain => contains_all(properties, values, budget).map(|contains| !contains),
        SetOperator::ContainsAny => contains_any(properties, values, budget),
        SetOperator::DoesNotContainAny => contains_any(properties, values, budget).map(|contains| !contains),
    }
}

/// Whether both sets have the same texts, and the other nothing else.
fn sets_equal(properties: &[Value], values: Option<&Value>, budget: &mut Budget) -> Result<bool, Stop> {
    // A set is made of what there is a loop for in JavaScript itself, or of nothing.
    let values = match values {
        Some(Value::Array(_) | Value::Text(_)) => values,
        None | Some(Value::Null) => Some(&Value::Array(Vec::new())),
        _ => return Err(Stop::Threw),
    };
    let ours: HashSet<&Text> = properties.iter().filter_map(Value::as_text).collect();
    budget.steps(properties.len() as u64)?;
    let (mut theirs, mut is_subset) = (HashSet::new(), true);
    let mut values = Items::of(values)?;
    while let Some(value) = values.next(budget)? {
        match value.value().and_then(Value::as_text) {
            Some(text) => {
                is_subset &= ours.contains(text);
                theirs.insert(text.clone());
            }
            None => is_subset = false,
        }
    }
    Ok(is_subset && ours.len() == theirs.len())
}

/// Whether each of the values is one of the properties.
fn contains_all(properties: &[Value], values: Option<&Value>, budget: &mut Budget) -> Result<bool, Stop> {
    let values = values.filter(|values| **values != Value::Null).ok_or(Stop::Threw)?;
    let length = match values {
        Value::Array(values) => values.len() as f64,
        Value::Text(text) => text.units().count() as f64,
        Value::Object(object) => match object.named("length") {
            Some(length) => coerce::to_number(length, budget)?,
            None => f64::NAN,
        },
        _ => f64::NAN,
    };
    if (properties.len() as f64) < length {
        return Ok(false);
    }
    let mut values = Items::of(Some(values))?;
    while let Some(value) = values.next(budget)? {
        if !is_any_text(&value, properties, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether one of the values is one of the properties.
fn contains_any(properties: &[Value], values: Option<&Value>, budget: &mut Budget) -> Result<bool, Stop> {
    let mut values = Items::of(values)?;
    while let Some(value) = values.next(budget)? {
        if is_any_text(&value, properties, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// [`is_any`] for a value that may be no text: then it is none of the texts, or there is nothing to make lower case of.
fn is_any_text(value: &Item, texts: &[Value], budget: &mut Budget) -> Result<bool, Stop> {
    match value.value() {
        Some(Value::Text(text)) => is_any(text, texts, budget),
        _ if any(texts, |text| lowercase(text, budget).map(|lower| is_boolean(&lower)))? => Err(Stop::Threw),
        _ => Ok(false),
    }
}

/// The texts of an array's elements, without those that JavaScript takes for false. Nothing else is a set: text that is the
/// JSON of an array was to be one, and is none because of a mistake that is kept here.
fn texts_of(value: &Value, budget: &mut Budget) -> Result<Option<Vec<Value>>, Stop> {
    let Value::Array(elements) = value else {
        // What can be no text throws before that.
        coerce::to_text(value, budget)?;
        return Ok(None);
    };
    let mut texts = Vec::with_capacity(elements.len());
    for element in elements {
        budget.step()?;
        texts.extend(text_of(Some(element), budget)?.filter(|text| !text.is_empty()).map(Value::Text));
    }
    Ok(Some(texts))
}

/// Whether `(none)` is among the values.
fn has_none(values: Option<&Value>) -> Result<bool, Stop> {
    Ok(array(values)?.iter().any(|value| value.as_text().is_some_and(|text| text.is("(none)"))))
}

/// What has the methods `some` and `map`.
fn array(values: Option<&Value>) -> Result<&[Value], Stop> {
    match values {
        Some(Value::Array(values)) => Ok(values),
        _ => Err(Stop::Threw),
    }
}

/// `values.some(holds)`
fn any(values: &[Value], mut holds: impl FnMut(&Value) -> Result<bool, Stop>) -> Result<bool, Stop> {
    for value in values {
        if holds(value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `value.toLowerCase()`
fn lowercase(value: &Value, budget: &mut Budget) -> Result<Text, Stop> {
    let text = value.as_text().ok_or(Stop::Threw)?;
    budget.bytes(text.size())?;
    Ok(text.to_lowercase().into_owned())
}

fn is_boolean(lower: &Text) -> bool {
    lower.is("true") || lower.is("false")
}
