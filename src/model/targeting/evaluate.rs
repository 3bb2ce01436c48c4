//! The engine: the segments of a flag in turn, until one gives a variant.

use super::bucket::variant_name;
use super::condition;
use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce;
use super::javascript::items::{Item, Items, member};
use super::javascript::property::Found;
use super::javascript::text::Text;
use super::javascript::value::Value;
use super::regexes::Regexes;
use super::select::Target;

/// A segment has given this variant.
#[derive(Debug, PartialEq)]
pub(super) struct Decided {
    /// The variant's `key`, where it is a text.
    pub variant: Option<Text>,
    /// From 1 on.
    pub segment: usize,
    /// `metadata.segmentName` of the segment, where it is a text.
    pub name: Option<Text>,
    /// Whether the browser SDK sees it: it looks for the flag of one name alone.
    pub is_seen: bool,
}

/// What the first segment gives that gives anything.
pub(super) fn evaluate(
    flag: &Value,
    context: Value,
    regexes: &Regexes,
    budget: &mut Budget,
) -> Result<Option<Decided>, Stop> {
    let target = Target::new(context);
    let mut segments = Items::of(member(flag, "segments")?)?;
    let mut number = 0;
    while let Some(segment) = segments.next(budget)? {
        number += 1;
        let variant = variant_of(&target, flag, &segment, regexes, budget)?;
        let Some(variant) = variant.value().filter(|variant| variant.is_truthy()) else { continue };
        let metadata = segment.member("metadata")?.filter(|metadata| **metadata != Value::Null);
        let name = metadata.map(|metadata| member(metadata, "segmentName")).transpose()?.flatten();
        let key = match variant {
            Value::Object(variant) => variant.named("key"),
            _ => None,
        };
        return Ok(Some(Decided {
            variant: key.and_then(Value::as_text).cloned(),
            segment: number,
            name: name.and_then(Value::as_text).cloned(),
            is_seen: flag_key(flag, budget)?.is("sr_targeting_config"),
        }));
    }
    Ok(None)
}

/// The variant that the segment gives, if one of its lists of conditions holds as a whole.
fn variant_of<'a>(
    target: &Target,
    flag: &'a Value,
    segment: &Item<'a>,
    regexes: &Regexes,
    budget: &mut Budget,
) -> Result<Found<'a>, Stop> {
    let conditions = segment.member("conditions")?.filter(|conditions| conditions.is_truthy());
    if let Some(lists) = conditions
        && !one_holds(target, lists, regexes, budget)?
    {
        return Ok(Found::Undefined);
    }
    let Some(name) = variant_name(target, segment, budget)? else { return Ok(Found::Undefined) };
    let name = coerce::to_text(name, budget)?;
    match member(flag, "variants")? {
        None | Some(Value::Null) => Err(Stop::Threw),
        Some(variants) => Ok(Found::of(variants, &name)),
    }
}

fn one_holds(target: &Target, lists: &Value, regexes: &Regexes, budget: &mut Budget) -> Result<bool, Stop> {
    let mut lists = Items::of(Some(lists))?;
    while let Some(list) = lists.next(budget)? {
        let mut conditions = Items::of(list.value())?;
        let mut holds = true;
        while holds && let Some(condition) = conditions.next(budget)? {
            holds = condition::holds(target, &condition, regexes, budget)?;
        }
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name under which the result stands.
fn flag_key(flag: &Value, budget: &mut Budget) -> Result<Text, Stop> {
    match member(flag, "key")? {
        Some(key) => coerce::to_text(key, budget),
        None => Ok("undefined".into()),
    }
}
