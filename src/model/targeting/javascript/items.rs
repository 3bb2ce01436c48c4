//! What a loop over a value sees, as the engine's compiler wrote its loops: elements, characters, or whatever stands behind
//! the indices below `length`.

use super::budget::{Budget, Stop};
use super::text::Text;
use super::value::{Object, Value};

/// What a loop over a value goes through.
pub(in crate::model::targeting) enum Items<'a> {
    Elements(std::slice::Iter<'a, Value>),
    Characters(Box<dyn Iterator<Item = Text> + 'a>),
    Indices { of: &'a Object, length: f64, next: u64 },
}

/// One of them.
pub(in crate::model::targeting) enum Item<'a> {
    Undefined,
    Value(&'a Value),
    Character(Value),
}

impl<'a> Items<'a> {
    /// The items of this value; `None` is `undefined`.
    pub fn of(value: Option<&'a Value>) -> Result<Self, Stop> {
        match value {
            Some(Value::Array(elements)) => Ok(Self::Elements(elements.iter())),
            Some(Value::Text(text)) => Ok(Self::Characters(Box::new(text.code_points()))),
            Some(Value::Object(of)) => match of.named("length") {
                Some(Value::Number(length)) => Ok(Self::Indices { of, length: *length, next: 0 }),
                _ => Err(Stop::Threw),
            },
            _ => Err(Stop::Threw),
        }
    }

    /// The next item; `None` at the end. Each costs a step.
    pub fn next(&mut self, budget: &mut Budget) -> Result<Option<Item<'a>>, Stop> {
        budget.step()?;
        Ok(match self {
            Self::Elements(elements) => elements.next().map(Item::Value),
            Self::Characters(characters) => characters.next().map(Value::Text).map(Item::Character),
            Self::Indices { length, next, .. } if *next as f64 >= *length => None,
            Self::Indices { of, next, .. } => {
                let item = of.named(&next.to_string());
                *next += 1;
                Some(item.map_or(Item::Undefined, Item::Value))
            }
        })
    }
}

impl<'a> Item<'a> {
    /// As a value; `None` is `undefined`.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Undefined => None,
            Self::Value(value) => Some(value),
            Self::Character(value) => Some(value),
        }
    }

    /// `item.name`, which must be a name that nothing inherits.
    pub fn member(&self, name: &str) -> Result<Option<&'a Value>, Stop> {
        match self {
            Self::Undefined => Err(Stop::Threw),
            Self::Value(value) => member(value, name),
            Self::Character(_) => Ok(None),
        }
    }
}

/// `value.name`, which must be a name that nothing inherits.
pub(in crate::model::targeting) fn member<'a>(
    value: &'a Value,
    name: &str,
) -> Result<Option<&'a Value>, Stop> {
    match value {
        Value::Null => Err(Stop::Threw),
        Value::Object(object) => Ok(object.named(name)),
        _ => Ok(None),
    }
}
