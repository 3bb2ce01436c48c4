//! What is wrong with the options.

use crate::redact::redact_json;

/// What is wrong with the options, in a sentence that names the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// The text is not JSON.
    #[error("the options are not valid JSON: {0}")]
    Syntax(String),
    /// The JSON is not an object.
    #[error("the options must be a JSON object, but are {0}")]
    NotAnObject(&'static str),
    /// A value that no JSON reader of ours can hold, such as a number beyond doubles.
    #[error("option \"{key}\" can't be read: {reason}")]
    Unreadable {
        /// The key as given.
        key: String,
        /// What the JSON reader says.
        reason: String,
    },
    /// A key that does not exist.
    #[error("unknown option \"{key}\"{hint}")]
    Unknown {
        /// The key as given, with the path to it.
        key: String,
        /// `; did you mean "…"?`, or nothing.
        hint: String,
    },
    /// A value of the wrong type or out of bounds.
    #[error("option \"{key}\" must be {expected}, but is {found}")]
    Value {
        /// The key, with the path to it.
        key: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
}

impl OptionsError {
    /// Of a key at this path that is none of `known`.
    pub(super) fn unknown(key: &str, path: &str, known: impl IntoIterator<Item = &'static str>) -> Self {
        let hint = known
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(key))
            .map_or_else(String::new, |known| format!("; did you mean \"{known}\"?"));
        Self::Unknown { key: shorten(&redact_json(path)), hint }
    }

    pub(super) fn unreadable(key: &str, error: &serde_json::Error) -> Self {
        let reason = error.to_string();
        // The place is counted from the beginning of the value: of no use to who looks at the whole.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Unreadable { key: shorten(key), reason }
    }
}

/// The beginning of a text that may have any length.
pub(super) fn shorten(text: &str) -> String {
    const MAX: usize = 80;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
