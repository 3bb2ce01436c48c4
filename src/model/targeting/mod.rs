//! Targeting: which sessions a project wants, by the rules of its remote configuration.
//!
//! `sr_targeting_config` is a flag of Amplitude's evaluation engine: segments of conditions, each with a variant for those whom
//! it lets in. Evaluated here is what Amplitude's browser SDK 1.51.6 evaluates, mistakes included: `@amplitude/targeting` 0.3.11
//! pins `@amplitude/experiment-core` 0.7.2, and the bundle of the SDK has that, too. `tests/targeting` compares both, exceptions
//! and all. Our words of it:
//!
//! - [`evaluate`]: segments in turn; [`condition`], [`operator`]: what a condition asks; [`bucket`]: shares of users
//! - [`select`]: what a selector finds; [`version`]: semantic versions; [`regex`]: regular expressions, compiled in [`regexes`]
//! - [`javascript`]: what JavaScript makes of values
//!
//! # What the SDK does with what is wrong
//!
//! It takes a session for matched until the engine has given it a variant of another key than `on`, and it catches what the engine
//! throws. So a mistake in a configuration captures, in a browser and here: a project sees the same sessions from both, and no
//! decision of ours harms a host. `tests/fixtures/targeting/situations.json` has each row, and more, as the SDK decides it.
//!
//! | the configuration, or a part of it | decision |
//! | --- | --- |
//! | is `null`, `false`, a number, `""`, `{}` or `[]` | none: the sample decides ([`Targeting::parse`] gives `None`) |
//! | is a text or an array; has no `segments`, or no array of them | the engine throws: captured |
//! | has empty segments, or none that matches | no variant: captured |
//! | has another `key` than `sr_targeting_config`, or none | the SDK does not see the variant: captured |
//! | a segment's variant is not among `variants` | the next segment is asked; behind the last one captured |
//! | there are no `variants` and a segment gives one | the engine throws: captured |
//! | a variant has no `key`, or another than the text `on` | not captured |
//! | an operator is unknown | the condition does not hold |
//! | a condition without `values`, a value that is no text where the case of letters does not count, a regular expression that is invalid, a property with a member `toString` where a text is made of it, a selector that is a number | the engine throws where it is reached: captured |
//! | metadata that refer to themselves | JSON can't say so |
//! | what a bucket is made of is not there; the SDK never tells the device | the segment's own variant, whatever the allocations are |
//!
//! # What is ours alone
//!
//! The configuration is a server's, properties are a host's, and neither may make us slow or deep. What JavaScript would work on
//! for long is given up, and then nothing is captured, since a session that nobody wanted is the greater harm: JSON above
//! 1 MiB or 64 levels, a pattern above 4,096 units, 64 levels or 8,192 instructions, patterns of 262,144 parts in all, an evaluation of more than a million steps
//! (see [`Budget`]). Backtracking is only done for back-references; versions take one pass.
//!
//! An evaluation of three segments and a context of 600 bytes, which is read anew, takes 65 thousand instructions, with a regular
//! expression among the conditions 97 thousand (callgrind, x86-64).
//!
//! Newer engines differ: `experiment-core` 0.13.6 finds properties that are `0`, `false` or `""`, which 0.7.2 takes for missing; compares
//! each element of an array by the operators for texts, where 0.7.2 compares the array's JSON; and reads the text of an array as a
//! set. A browser SDK that pins another engine changes `tests/targeting/package.json`, and the test says what else is to change.
//! Names of regular expressions' groups that occur twice, and modifiers (`(?i:…)`), which the newest browsers know, are invalid here
//! as in Node.js 20. Letters added to Unicode lately may have lower case in one of both only.

mod bucket;
mod condition;
mod evaluate;
mod javascript;
mod operator;
#[cfg(test)]
mod oracle_tests;
mod regex;
mod regexes;
mod select;
#[cfg(test)]
mod tests;
mod version;

use std::sync::Arc;

use evaluate::evaluate;
use javascript::budget::Stop;

pub(crate) use javascript::budget::Budget;
use javascript::parse::{Unread, from_serde, parse};
use javascript::value::Value;
use regexes::Regexes;

/// A parsed `sr_targeting_config`. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Targeting(Arc<Flag>);

#[derive(Debug, PartialEq)]
struct Flag {
    /// `None`: it is larger or deeper than is read.
    flag: Option<Value>,
    regexes: Regexes,
}

/// What targeting says of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evaluation {
    /// Whether the session is captured.
    pub is_match: bool,
    /// The key of the variant that a segment gave. The session is captured with `on`, and where no segment gave any.
    pub variant: Option<String>,
    /// The segment that decided: its name, or `segment N`, counted from 1. `None` where none did.
    pub segment: Option<String>,
}

/// Larger than any configuration or event that the server takes.
const MAX_BYTES: usize = 1 << 20;

impl Targeting {
    /// The configuration in this JSON. `None` where the browser SDK takes it for none, and samples: what is not JSON, and
    /// what has no members, elements or characters.
    pub fn parse(json: &str) -> Option<Self> {
        let flag = match parse_bounded(json) {
            Ok(flag) => Some(flag),
            Err(Unread::TooDeep) => None,
            Err(Unread::NoJson) => return None,
        };
        let is_there = match &flag {
            Some(Value::Object(object)) => !object.members().is_empty(),
            Some(Value::Array(elements)) => !elements.is_empty(),
            Some(Value::Text(text)) => !text.is_empty(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) => false,
            None => true,
        };
        let regexes = flag.as_ref().map(Regexes::of).unwrap_or_default();
        is_there.then(|| Self(Arc::new(Flag { flag, regexes })))
    }

    /// What the rules say of this context: `{session_id, event, event_types, user: {…properties, device_id,
    /// user_properties}, page: {url}}`, all optional.
    ///
    /// `serde_json` keeps no order of members and no half surrogate pairs; [`evaluate_json`](Self::evaluate_json) is exact.
    #[cfg(any(test, fuzzing))]
    pub fn evaluate(&self, context: &serde_json::Value) -> Evaluation {
        self.evaluate_within(context, &mut Budget::new())
    }

    /// The same, with no more work than this.
    pub fn evaluate_within(&self, context: &serde_json::Value, budget: &mut Budget) -> Evaluation {
        self.evaluate_value(from_serde(context, 0), budget)
    }

    /// The same for a context in JSON.
    #[cfg_attr(
        not(any(test, fuzzing)),
        allow(dead_code, reason = "the session keeps its context as a value")
    )]
    pub fn evaluate_json(&self, context: &str) -> Evaluation {
        self.evaluate_value(parse_bounded(context).ok(), &mut Budget::new())
    }

    /// `None`: the context is more than is read.
    fn evaluate_value(&self, context: Option<Value>, budget: &mut Budget) -> Evaluation {
        let decided = match (&self.0.flag, context) {
            (Some(flag), Some(context)) => evaluate(flag, context, &self.0.regexes, budget),
            _ => Err(Stop::TooCostly),
        };
        match decided {
            Ok(Some(decided)) => Evaluation {
                is_match: !decided.is_seen || decided.variant.as_ref().is_some_and(|key| key.is("on")),
                variant: decided.variant.map(|key| key.to_string()),
                segment: Some(match decided.name {
                    Some(name) => name.to_string(),
                    None => format!("segment {}", decided.segment),
                }),
            },
            Ok(None) | Err(Stop::Threw) => Evaluation { is_match: true, variant: None, segment: None },
            Err(Stop::TooCostly) => Evaluation { is_match: false, variant: None, segment: None },
        }
    }
}

fn parse_bounded(json: &str) -> Result<Value, Unread> {
    if json.len() > MAX_BYTES { Err(Unread::TooDeep) } else { parse(json) }
}
