//! What nodes there are.

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum NodeKind {
    /// Text alone.
    Text = 1,
    /// A picture.
    Image = 2,
    /// A button.
    Button = 3,
    /// A field that text is typed into.
    Input = 4,
    /// A field for a password: what it holds is never kept.
    Password = 5,
    /// A box with a check.
    Checkbox = 6,
    /// One of several choices.
    Radio = 7,
    /// A list, a table or a tree, without what is in it.
    List = 8,
    /// A menu or a menu bar, without what is in it.
    Menu = 9,
    /// What is in a list or a menu; a tab.
    Item = 10,
    /// An area that scrolls, without what is in it.
    ScrollArea = 11,
    /// Anything else: a rectangle.
    Custom = 12,
}

impl NodeKind {
    const ALL: [Self; 12] = [
        Self::Text,
        Self::Image,
        Self::Button,
        Self::Input,
        Self::Password,
        Self::Checkbox,
        Self::Radio,
        Self::List,
        Self::Menu,
        Self::Item,
        Self::ScrollArea,
        Self::Custom,
    ];

    /// The kind of this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u32 == number)
    }
}

/// A state of a node, or how its text is set: bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum NodeFlag {
    /// It can't be used now.
    Disabled = 1,
    /// It has the keyboard.
    Focused = 1 << 1,
    /// It is chosen, or pressed.
    Selected = 1 << 2,
    /// Its check is set.
    Checked = 1 << 3,
    /// Bold text.
    Bold = 1 << 4,
    /// Slanted text.
    Italic = 1 << 5,
    /// Text whose letters are all as wide.
    Monospace = 1 << 6,
    /// Text in the middle.
    Center = 1 << 7,
    /// Text at the right.
    Right = 1 << 8,
    /// Text of several lines, from the top.
    Multiline = 1 << 9,
    /// Its text and picture are not kept, whatever the level.
    Masked = 1 << 10,
    /// Its check is neither set nor not: some of what it stands for is.
    Partial = 1 << 11,
}

/// All flags there are.
pub(super) const ALL_FLAGS: u32 = (1 << 12) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_number_and_no_other_number_is_one() {
        for (at, kind) in NodeKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at + 1);
            assert_eq!(NodeKind::from_number(kind as u32), Some(kind));
        }
        assert_eq!([0, 13, u32::MAX].map(NodeKind::from_number), [None; 3]);
        assert_eq!(ALL_FLAGS, NodeFlag::Partial as u32 * 2 - 1);
    }
}
