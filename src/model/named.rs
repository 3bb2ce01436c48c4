//! A closed list of values, each with the name that hosts and servers know it by.

/// A value that is one of a few, and is written as its name.
pub(crate) trait Named: Copy + PartialEq + 'static {
    /// Every value with its name, in the order in which they are listed for people.
    const NAMES: &'static [(&'static str, Self)];

    /// The value of this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The name. The empty text would be that of a value that [`Named::NAMES`] lacks.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }

    /// Every name.
    fn names() -> Vec<&'static str> {
        Self::NAMES.iter().map(|(name, _)| *name).collect()
    }
}
