//! Which variant a segment gives: to the same user always the same, by a hash.

use super::javascript::budget::{Budget, Stop};
use super::javascript::coerce::{self, Primitive};
use super::javascript::items::{Item, Items, member};
use super::javascript::text::Text;
use super::javascript::value::Value;
use super::select::{Target, text_of};

/// The name of the variant, as the configuration has it; `None` is `undefined`.
pub(super) fn variant_name<'a>(
    target: &Target,
    segment: &Item<'a>,
    budget: &mut Budget,
) -> Result<Option<&'a Value>, Stop> {
    let default = segment.member("variant")?;
    let Some(bucket) = segment.member("bucket")?.filter(|bucket| bucket.is_truthy()) else {
        return Ok(default);
    };
    let found = target.select(member(bucket, "selector")?, budget)?;
    let Some(key) = text_of(found.value(), budget)?.filter(|key| !key.is_empty()) else {
        return Ok(default);
    };
    let mut salted = match member(bucket, "salt")? {
        Some(salt) => coerce::to_text(salt, budget)?,
        None => "undefined".into(),
    };
    salted.push('/');
    salted.push_text(&key);
    budget.bytes(salted.size())?;
    let hash = murmur3(&salted.to_utf8());
    Ok(distributed(member(bucket, "allocations")?, hash, budget)?.unwrap_or(default))
}

/// What the allocations say of this hash: the hundredth that it is in decides about each, and the rest about what it gives.
fn distributed<'a>(
    allocations: Option<&'a Value>,
    hash: u32,
    budget: &mut Budget,
) -> Result<Option<Option<&'a Value>>, Stop> {
    let mut allocations = Items::of(allocations)?;
    while let Some(allocation) = allocations.next(budget)? {
        if !holds(&allocation, hash % 100, budget)? {
            continue;
        }
        let mut distributions = Items::of(allocation.member("distributions")?)?;
        while let Some(distribution) = distributions.next(budget)? {
            if holds(&distribution, hash / 100, budget)? {
                return distribution.member("variant").map(Some);
            }
        }
    }
    Ok(None)
}

/// Whether `item.range` holds this number: from its first element on, below its second.
fn holds(item: &Item, number: u32, budget: &mut Budget) -> Result<bool, Stop> {
    let range = item.member("range")?.filter(|range| **range != Value::Null).ok_or(Stop::Threw)?;
    let mut end = |index: usize| -> Result<f64, Stop> {
        match range {
            Value::Array(ends) => ends.get(index).map_or(Ok(f64::NAN), |end| number_of(end, budget)),
            Value::Object(ends) => {
                let end = ends.named(&index.to_string());
                end.map_or(Ok(f64::NAN), |end| number_of(end, budget))
            }
            // A character of a text; `text[index]` counts units, and no digit is two of them.
            Value::Text(text) => match text.units().nth(index) {
                Some(unit) => coerce::number_of(&Text::from_units([unit]), budget),
                None => Ok(f64::NAN),
            },
            _ => Ok(f64::NAN),
        }
    };
    // Both are compared only where the first allows it: the second may throw.
    Ok(f64::from(number) >= end(0)? && f64::from(number) < end(1)?)
}

/// What `number >= value` compares with.
fn number_of(value: &Value, budget: &mut Budget) -> Result<f64, Stop> {
    match Primitive::of(value, budget)? {
        Primitive::Number(number) => Ok(number),
        Primitive::Text(text) => coerce::number_of(&text, budget),
    }
}

/// MurmurHash3 for 32 bits, with the seed 0.
fn murmur3(bytes: &[u8]) -> u32 {
    let mixed = |block: [u8; 4]| {
        u32::from_le_bytes(block).wrapping_mul(0xCC9E_2D51).rotate_left(15).wrapping_mul(0x1B87_3593)
    };
    let (blocks, tail) = bytes.as_chunks::<4>();
    let mut hash = blocks.iter().fold(0_u32, |hash, block| {
        (hash ^ mixed(*block)).rotate_left(13).wrapping_mul(5).wrapping_add(0xE654_6B64)
    });
    let mut last = [0; 4];
    last[..tail.len()].copy_from_slice(tail);
    hash ^= mixed(last);
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_murmur3_does() {
        for (text, hash) in [
            ("", 0),
            ("a", 0x3C25_69B2),
            ("aa", 0x3710_91A9),
            ("abc", 0xB3DD_93FA),
            ("abcd", 0x43ED_676A),
            ("Hello, world!", 0xC036_3E43),
        ] {
            assert_eq!(murmur3(text.as_bytes()), hash, "{text}");
        }
    }
}
