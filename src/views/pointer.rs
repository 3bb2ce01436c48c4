//! The pointer and the keys, as rrweb has them.

use serde_json::{Value, json};

/// What the pointer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum PointerKind {
    /// It moves.
    Move = 1,
    /// A button goes down.
    Down = 2,
    /// A button goes up.
    Up = 3,
    /// A click.
    Click = 4,
    /// A double click.
    DoubleClick = 5,
    /// A context menu is asked for.
    ContextMenu = 6,
    /// A finger touches.
    TouchStart = 7,
    /// A finger moves.
    TouchMove = 8,
    /// A finger is lifted.
    TouchEnd = 9,
}

/// Moves are told at most so often, in milliseconds: as rrweb's recorder does.
pub(super) const MOVE_INTERVAL_MS: i64 = 50;

impl PointerKind {
    const ALL: [Self; 9] = [
        Self::Move,
        Self::Down,
        Self::Up,
        Self::Click,
        Self::DoubleClick,
        Self::ContextMenu,
        Self::TouchStart,
        Self::TouchMove,
        Self::TouchEnd,
    ];

    /// The kind of this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u32 == number)
    }

    /// Whether it only moves.
    pub fn is_move(self) -> bool {
        matches!(self, Self::Move | Self::TouchMove)
    }

    /// The data of the event that says so: at this place of the desk, over this node.
    pub(super) fn data(self, [x, y]: [f64; 2], node: u64) -> Value {
        // The numbers of rrweb's `MouseInteractions`.
        let interaction = match self {
            Self::Move => return moved(1, x, y, node),
            Self::TouchMove => return moved(6, x, y, node),
            Self::Up => 0,
            Self::Down => 1,
            Self::Click => 2,
            Self::ContextMenu => 3,
            Self::DoubleClick => 4,
            Self::TouchStart => 7,
            Self::TouchEnd => 9,
        };
        json!({"source": 2, "type": interaction, "id": node, "x": coordinate(x), "y": coordinate(y)})
    }
}

fn moved(source: u8, x: f64, y: f64, node: u64) -> Value {
    json!({"source": source, "positions": [{"x": coordinate(x), "y": coordinate(y), "id": node, "timeOffset": 0}]})
}

/// In as few bytes as it can be: most are whole.
fn coordinate(value: f64) -> Value {
    if value.fract() == 0.0 { (value as i64).into() } else { value.into() }
}

const KEYS: &[&str] = &[
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "Delete",
    "Insert",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ContextMenu",
    "PrintScreen",
    "Pause",
    "CapsLock",
    "NumLock",
    "ScrollLock",
    "Shift",
    "Control",
    "Alt",
    "Meta",
];
/// In the order in which they stand before a key.
const MODIFIERS: &[&str] = &["Ctrl", "Alt", "Shift", "Meta"];

/// Whether this names a key that is no text: one of [`KEYS`], F1 to F24, or a single character with Ctrl or Meta, but
/// without Alt, with which a keyboard types characters. `Ctrl+Shift+S` is one, `s`, `Shift+s` and `Ctrl+Alt+q` are not.
pub(super) fn is_key(name: &str) -> bool {
    let (modifiers, key) = match name.rsplit_once('+') {
        Some((modifiers, key)) => (modifiers.split('+').collect(), key),
        None => (Vec::new(), name),
    };
    let is_known = |modifier: &&str| MODIFIERS.contains(modifier);
    if !modifiers.iter().all(is_known) {
        return false;
    }
    let is_function_key = || {
        let number = key.strip_prefix('F').filter(|number| !number.starts_with(['0', '+']));
        number.and_then(|number| number.parse().ok()).is_some_and(|number: u8| (1..=24).contains(&number))
    };
    let has = |modifier| modifiers.contains(&modifier);
    let is_command = (has("Ctrl") || has("Meta")) && !has("Alt");
    let mut characters = key.chars();
    let is_character = characters.next().is_some_and(char::is_alphanumeric) && characters.next().is_none();
    KEYS.contains(&key) || is_function_key() || (is_command && is_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_the_pointer_is_rrwebs() {
        for (number, expected) in [
            (1, json!({"source": 1, "positions": [{"x": 3, "y": 4.5, "id": 7, "timeOffset": 0}]})),
            (2, json!({"source": 2, "type": 1, "id": 7, "x": 3, "y": 4.5})),
            (3, json!({"source": 2, "type": 0, "id": 7, "x": 3, "y": 4.5})),
            (4, json!({"source": 2, "type": 2, "id": 7, "x": 3, "y": 4.5})),
            (5, json!({"source": 2, "type": 4, "id": 7, "x": 3, "y": 4.5})),
            (6, json!({"source": 2, "type": 3, "id": 7, "x": 3, "y": 4.5})),
            (7, json!({"source": 2, "type": 7, "id": 7, "x": 3, "y": 4.5})),
            (8, json!({"source": 6, "positions": [{"x": 3, "y": 4.5, "id": 7, "timeOffset": 0}]})),
            (9, json!({"source": 2, "type": 9, "id": 7, "x": 3, "y": 4.5})),
        ] {
            assert_eq!(PointerKind::from_number(number).unwrap().data([3.0, 4.5], 7), expected);
        }
        assert_eq!([0, 10].map(PointerKind::from_number), [None; 2]);
    }

    #[test]
    fn keys_are_told_and_nothing_that_is_typed() {
        for key in [
            "Enter",
            "Shift+Tab",
            "F1",
            "F24",
            "Ctrl+s",
            "Ctrl+Shift+S",
            "Meta+1",
            "Alt+F4",
            "Ctrl+Alt+Delete",
        ] {
            assert!(is_key(key), "{key}");
        }
        for typed in [
            "",
            "s",
            "S",
            "ü",
            "Shift+s",
            "Alt+q",
            "Ctrl+Alt+q",
            "password",
            "Ctrl+password",
            "Space",
            " ",
            "F0",
            "F25",
            "F+1",
            "F01",
            "Ctrl+",
            "+",
            "Hyper+s",
            "Enter ",
            "enter",
        ] {
            assert!(!is_key(typed), "{typed}");
        }
    }
}
