//! The regular expressions of a configuration, compiled once.

use std::collections::HashMap;

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce;
use super::javascript::text::Text;
use super::javascript::value::Value;
use super::operator::Operator;
use super::regex::{Regex, Unusable};

#[derive(Debug, PartialEq, Default)]
pub(super) struct Regexes(HashMap<Text, Result<Regex, Unusable>>);

impl Regexes {
    /// Those of all conditions in this configuration, wherever they stand.
    pub fn of(config: &Value) -> Self {
        let mut this = Self::default();
        this.add(config);
        this
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.add(element)),
            Value::Object(object) => {
                let operator = Operator::of(object.named("op"));
                if let Operator::RegexMatch | Operator::RegexDoesNotMatch = operator
                    && let Some(Value::Array(patterns)) = object.named("values")
                {
                    for pattern in patterns.iter().filter_map(Value::as_text) {
                        self.0.entry(pattern.clone()).or_insert_with(|| Regex::compile(pattern));
                    }
                }
                object.members().iter().for_each(|(_, value)| self.add(value));
            }
            _ => {}
        }
    }

    /// `Boolean(new RegExp(value).exec(text))`
    pub fn matches(&self, value: &Value, text: &Text, budget: &mut Budget) -> Result<bool, Stop> {
        let compiled;
        let regex = match value.as_text().and_then(|pattern| self.0.get(pattern)) {
            Some(regex) => regex,
            None => {
                // No text, but something that becomes one.
                let pattern = coerce::to_text(value, budget)?;
                budget.steps(16 * pattern.size() as u64)?;
                compiled = Regex::compile(&pattern);
                &compiled
            }
        };
        match regex {
            Ok(regex) => regex.is_match(text, budget),
            Err(Unusable::Invalid) => Err(Stop::Threw),
            Err(Unusable::TooLarge) => Err(Stop::TooCostly),
        }
    }
}
