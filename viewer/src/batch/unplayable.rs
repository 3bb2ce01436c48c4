//! The reasons why rrweb's player would throw on an event, in numbers and in words.

use std::fmt;

/// Why rrweb's player would throw on an event; its number is a bit of `BatchStats::unplayable_reasons`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Unplayable {
    Data,
    Node,
    NodeType,
    NodeChildren,
    InitialOffset,
    Width,
    Height,
    Source,
    Positions,
    Interaction,
    Adds,
    Removes,
    Index,
    StyleIds,
    Styles,
}

impl Unplayable {
    const ALL: [Self; 15] = [
        Self::Data,
        Self::Node,
        Self::NodeType,
        Self::NodeChildren,
        Self::InitialOffset,
        Self::Width,
        Self::Height,
        Self::Source,
        Self::Positions,
        Self::Interaction,
        Self::Adds,
        Self::Removes,
        Self::Index,
        Self::StyleIds,
        Self::Styles,
    ];

    /// Those whose bits are set.
    pub(crate) fn in_bits(bits: u32) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |reason| bits & reason.bit() != 0)
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self as u8
    }

    /// The member at fault.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Node => "data.node",
            Self::NodeType => "data.node.type",
            Self::NodeChildren => "data.node.childNodes",
            Self::InitialOffset => "data.initialOffset",
            Self::Width => "data.width",
            Self::Height => "data.height",
            Self::Source => "data.source",
            Self::Positions => "data.positions",
            Self::Interaction => "data.type",
            Self::Adds => "data.adds",
            Self::Removes => "data.removes",
            Self::Index => "data.index",
            Self::StyleIds => "data.styleIds",
            Self::Styles => "data.styles",
        }
    }

    /// What it should be.
    fn should_be(self) -> &'static str {
        match self {
            Self::Data => "an object, in events of types 2 to 6",
            Self::Node => "an object, in a full snapshot (type 2)",
            Self::NodeType | Self::Source | Self::Width | Self::Height => "a number",
            Self::NodeChildren => "a list",
            Self::InitialOffset => "an object",
            Self::Positions => "a list of objects with a numeric timeOffset (sources 1, 6 and 12)",
            Self::Interaction => "a whole number from 0 to 10 (source 2)",
            Self::Adds | Self::Removes => "a list of objects (source 8)",
            Self::Index => "a list (source 13)",
            Self::StyleIds => "a list (source 15)",
            Self::Styles => "a list of objects (source 15)",
        }
    }
}

impl fmt::Display for Unplayable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is not {}", self.member(), self.should_be())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_bit() {
        for (number, reason) in Unplayable::ALL.into_iter().enumerate() {
            assert_eq!(reason.bit(), 1 << number);
            assert_eq!(Unplayable::in_bits(reason.bit()).collect::<Vec<_>>(), [reason]);
        }
    }
}
