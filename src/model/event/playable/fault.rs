//! What a player needs and does not find.

use std::borrow::Cow;

/// What a player needs and does not find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The member, with the path to it.
    pub path: Cow<'static, str>,
    /// What it must be.
    pub needs: &'static str,
}

impl Fault {
    pub fn new(path: impl Into<Cow<'static, str>>, needs: &'static str) -> Self {
        Self { path: path.into(), needs }
    }
}

pub(super) const AN_OBJECT: &str = "an object";
pub(super) const AN_ARRAY: &str = "an array";
pub(super) const A_NUMBER: &str = "a number";

/// Refuses what is not so.
pub(super) fn needed(is_so: bool, path: &'static str, needs: &'static str) -> Result<(), Fault> {
    if is_so { Ok(()) } else { Err(Fault::new(path, needs)) }
}
