//! What of a node's text and picture is kept, by the level of `privacyConfig`. In doubt nothing is.

use std::borrow::Cow;

use super::kind::NodeKind;
use crate::model::privacy::MaskLevel;

/// What stands for a password, however long it is.
const PASSWORD: &str = "********";

/// Whether the text of such a node is kept as it is.
fn keeps_text(kind: NodeKind, is_masked: bool, level: MaskLevel) -> bool {
    match (kind, level) {
        _ if is_masked => false,
        (NodeKind::Password, _) | (_, MaskLevel::Conservative) => false,
        (NodeKind::Input, level) => level == MaskLevel::Light,
        _ => true,
    }
}

/// What is kept of a node's text.
pub(in crate::views) fn mask(text: &str, kind: NodeKind, is_masked: bool, level: MaskLevel) -> Cow<'_, str> {
    match kind {
        _ if keeps_text(kind, is_masked, level) => Cow::Borrowed(text),
        NodeKind::Password if text.is_empty() => Cow::Borrowed(""),
        NodeKind::Password => Cow::Borrowed(PASSWORD),
        _ => text.chars().map(|c| if c.is_whitespace() { c } else { '*' }).collect(),
    }
}

/// Whether a node's picture is kept.
pub(super) fn keeps_image(is_masked: bool, level: MaskLevel) -> bool {
    !is_masked && level != MaskLevel::Conservative
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_keeps_what_it_is_meant_to() {
        use MaskLevel::{Conservative, Light, Medium};
        use NodeKind::{Button, Checkbox, Custom, Input, Item, Password, Text};
        // The columns: what light, medium and conservative keep of "Ab c"; and of a node that is masked.
        for (kind, [light, medium, conservative, masked]) in [
            (Text, ["Ab c", "Ab c", "** *", "** *"]),
            (Button, ["Ab c", "Ab c", "** *", "** *"]),
            (Item, ["Ab c", "Ab c", "** *", "** *"]),
            (Checkbox, ["Ab c", "Ab c", "** *", "** *"]),
            (Custom, ["Ab c", "Ab c", "** *", "** *"]),
            (Input, ["Ab c", "** *", "** *", "** *"]),
            (Password, [PASSWORD; 4]),
        ] {
            for (level, expected) in [(Light, light), (Medium, medium), (Conservative, conservative)] {
                assert_eq!(mask("Ab c", kind, false, level), expected, "{kind:?} {level:?}");
                assert_eq!(mask("Ab c", kind, true, level), masked, "{kind:?} {level:?} masked");
                assert_eq!(mask("", kind, true, level), "", "{kind:?}: an empty one shows as empty");
            }
        }
    }

    #[test]
    fn a_password_does_not_show_how_long_it_is() {
        for text in ["a", "abcdefghijkl", "ü ü"] {
            assert_eq!(mask(text, NodeKind::Password, false, MaskLevel::Light), PASSWORD);
        }
    }

    #[test]
    fn pictures_are_kept_but_in_the_conservative_level() {
        for (level, kept) in
            [(MaskLevel::Light, true), (MaskLevel::Medium, true), (MaskLevel::Conservative, false)]
        {
            assert_eq!(keeps_image(false, level), kept);
            assert!(!keeps_image(true, level));
        }
    }
}
