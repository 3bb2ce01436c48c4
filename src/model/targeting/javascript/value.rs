//! Values, as JSON has them.

use std::cmp::Ordering;

use super::text::Text;

#[derive(Debug, Clone, PartialEq)]
pub(in crate::model::targeting) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    Array(Vec<Value>),
    Object(Object),
}

/// Members in JavaScript's order: first the names that are indices, by number, then the others as they came.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::model::targeting) struct Object {
    members: Vec<(Text, Value)>,
    /// Which members there are, by name.
    sorted: Vec<u32>,
}

impl Value {
    /// `Boolean(value)`
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }

    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl Object {
    pub const EMPTY: Self = Self { members: Vec::new(), sorted: Vec::new() };

    /// Of members as they were written. Where a name stands twice, the last value is at the first place.
    pub fn new(mut members: Vec<(Text, Value)>) -> Self {
        let by_name = |members: &[(Text, Value)]| {
            let mut sorted: Vec<_> = (0..members.len() as u32).collect();
            sorted.sort_by(|a, b| members[*a as usize].0.cmp(&members[*b as usize].0));
            sorted
        };
        let mut sorted = by_name(&members);
        let is_twice = |pair: &[u32]| members[pair[0] as usize].0 == members[pair[1] as usize].0;
        if sorted.windows(2).any(is_twice) {
            members = without_twins(members, &sorted);
            sorted = by_name(&members);
        }
        if members.iter().any(|(name, _)| array_index(name).is_some()) {
            members.sort_by_key(|(name, _)| array_index(name).unwrap_or(u32::MAX));
            sorted = by_name(&members);
        }
        Self { members, sorted }
    }

    /// Its own member of this name.
    pub fn get(&self, name: &Text) -> Option<&Value> {
        self.get_by(|known| known.cmp(name))
    }

    /// The same for a name that has no character beyond U+FFFF.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.get_by(|known| known.cmp_str(name))
    }

    fn get_by(&self, compared: impl Fn(&Text) -> Ordering) -> Option<&Value> {
        let place = self.sorted.binary_search_by(|place| compared(&self.members[*place as usize].0)).ok()?;
        Some(&self.members[self.sorted[place] as usize].1)
    }

    pub fn members(&self) -> &[(Text, Value)] {
        &self.members
    }
}

/// The members, each name once: at its first place, with its last value. `sorted` has them by name, and then by place.
fn without_twins(members: Vec<(Text, Value)>, sorted: &[u32]) -> Vec<(Text, Value)> {
    let mut kept: Vec<_> = members.into_iter().map(Some).collect();
    for pair in sorted.windows(2).rev() {
        // From the last one on, so that its value wanders to the first.
        let [first, second] = [pair[0] as usize, pair[1] as usize];
        let is_twice = matches!((&kept[first], &kept[second]), (Some((a, _)), Some((b, _))) if a == b);
        if is_twice
            && let Some((_, value)) = kept[second].take()
            && let Some(earlier) = &mut kept[first]
        {
            earlier.1 = value;
        }
    }
    kept.into_iter().flatten().collect()
}

/// The index that this name is: digits without a leading 0, below 2³² − 1.
pub(in crate::model::targeting) fn array_index(name: &Text) -> Option<u32> {
    if name.is_empty() || name.size() > 10 {
        return None;
    }
    let mut index = 0_u64;
    for unit in name.units() {
        let digit = char::from_u32(u32::from(unit))?.to_digit(10)?;
        index = 10 * index + u64::from(digit);
    }
    let is_canonical = name.size() == 1 || name.units().next() != Some(u16::from(b'0'));
    let index = u32::try_from(index).ok()?;
    (is_canonical && index != u32::MAX).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_javascripts_order() {
        let written = ["b", "10", "a", "9", "01", "4294967295", "4294967294", "b", "a", "b"].map(Text::from);
        let numbered = written.into_iter().enumerate().map(|(i, name)| (name, Value::Number(i as f64)));
        let object = Object::new(numbered.collect());
        let names: Vec<_> = object.members().iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["9", "10", "4294967294", "b", "a", "01", "4294967295"]);
        assert_eq!(object.get(&"b".into()), Some(&Value::Number(9.0)));
        assert_eq!((object.get(&"01".into()), object.get(&"1".into())), (Some(&Value::Number(4.0)), None));
    }
}
