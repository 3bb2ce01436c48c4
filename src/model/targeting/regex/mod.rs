//! JavaScript's regular expressions without flags, in bounded time.
//!
//! Patterns and texts are UTF-16 units, as there: `.` is half of an emoji. [`syntax`] reads what JavaScript reads, with what it
//! keeps from old browsers, and [`program`] makes instructions of it. [`states`] runs them in linear time, all ways at once. Only
//! back-references need [`backtrack`], which tries one way after the other: it may take exponential time, so each step of
//! either is taken from a [`Budget`].

mod backtrack;
mod class;
mod escapes;
mod group_names;
mod program;
mod states;
mod syntax;
mod units;

use super::javascript::budget::{Budget, Stop};
use super::javascript::text::Text;
use program::{MAX_PARTS, Program};

/// A compiled pattern.
#[derive(Debug, PartialEq)]
pub(super) struct Regex(Program);

/// Why a pattern can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unusable {
    /// JavaScript refuses it.
    Invalid,
    /// It is larger than what is compiled here.
    TooLarge,
}

impl Regex {
    pub fn compile(pattern: &Text) -> Result<Self, Unusable> {
        let pattern: Vec<_> = pattern.units().collect();
        Program::of(&syntax::parse(&pattern)?).map(Self)
    }

    /// About how many steps it took to compile this.
    pub fn cost(compiled: &Result<Self, Unusable>) -> usize {
        match compiled {
            Ok(Self(program)) => program.parts,
            Err(Unusable::Invalid) => 0,
            Err(Unusable::TooLarge) => MAX_PARTS,
        }
    }

    /// Whether it matches somewhere in the text.
    pub fn is_match(&self, text: &Text, budget: &mut Budget) -> Result<bool, Stop> {
        budget.bytes(text.size())?;
        let text: Vec<_> = text.units().collect();
        match self.0.has_back_references {
            true => backtrack::is_match(&self.0, &text, budget),
            false => states::is_match(&self.0, &text, budget),
        }
    }
}

#[cfg(test)]
mod tests;
