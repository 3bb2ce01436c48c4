//! The regular expressions of a configuration, compiled once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce;
use super::javascript::text::Text;
use super::javascript::value::Value;
use super::operator::Operator;
use super::regex::{Regex, Unusable};

#[derive(Debug, PartialEq, Default)]
pub(super) struct Regexes {
    compiled: HashMap<Text, Result<Regex, Unusable>>,
    /// What may still be done for the others.
    steps: usize,
}

/// A pattern of a person takes some dozens. It also bounds the memory of them all: some megabytes.
const MAX_STEPS: usize = 1 << 18;

impl Regexes {
    /// Those of all conditions in this configuration, wherever they stand. What goes beyond the bound is too large.
    pub fn of(config: &Value) -> Self {
        let mut this = Self { steps: MAX_STEPS, ..Self::default() };
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
                    patterns.iter().filter_map(Value::as_text).for_each(|pattern| self.compile(pattern));
                }
                object.members().iter().for_each(|(_, value)| self.add(value));
            }
            _ => {}
        }
    }

    fn compile(&mut self, pattern: &Text) {
        let Entry::Vacant(entry) = self.compiled.entry(pattern.clone()) else { return };
        let compiled = match self.steps {
            0 => Err(Unusable::TooLarge),
            _ => Regex::compile(pattern),
        };
        self.steps = self.steps.saturating_sub(Regex::cost(&compiled));
        entry.insert(compiled);
    }

    /// `Boolean(new RegExp(value).exec(text))`
    pub fn matches(&self, value: &Value, text: &Text, budget: &mut Budget) -> Result<bool, Stop> {
        let compiled;
        let regex = match value.as_text().and_then(|pattern| self.compiled.get(pattern)) {
            Some(regex) => regex,
            None => {
                // No text, but something that becomes one.
                let pattern = coerce::to_text(value, budget)?;
                budget.steps(16 * pattern.size() as u64)?;
                compiled = Regex::compile(&pattern);
                budget.steps(Regex::cost(&compiled) as u64)?;
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

#[cfg(test)]
mod tests {
    use super::super::javascript::parse::parse;
    use super::*;

    #[test]
    fn all_patterns_together_are_bounded() {
        let patterns: Vec<_> = (0..40)
            .map(|number| format!(r#""a{{{}}}""#, 8_000 + number))
            .chain([r#""b""#.to_owned()])
            .collect();
        let config = format!(r#"[{{"op":"regex match","values":[{}]}}]"#, patterns.join(","));
        let Regexes { compiled, .. } = Regexes::of(&parse(&config).unwrap());
        let usable = compiled.values().filter(|compiled| compiled.is_ok()).count();
        assert!(usable > 10 && usable < 40, "{usable}");
        assert_eq!(compiled[&"b".into()], Err(Unusable::TooLarge));
    }
}
