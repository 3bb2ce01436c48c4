//! The values of `sr_status`. Their table is the declaration in `src/ffi/status.rs`, from which the C header is made, too.

use super::source::{first_sentence, items_of};

pub(super) struct Status {
    /// `SR_ERROR_TIMEOUT`.
    pub name: String,
    pub number: i32,
    /// What it means, whole.
    pub meaning: String,
}

impl Status {
    /// `TIMEOUT`: without what all of them, or all errors, have in common.
    fn word(&self) -> &str {
        let word = self.name.strip_prefix("SR_").expect("every status begins so");
        word.strip_prefix("ERROR_").unwrap_or(word)
    }

    /// `event_too_large`, as C++ has it.
    pub fn snake(&self) -> String {
        self.word().to_lowercase()
    }

    /// `event-too-large`, the `status` of errors in JavaScript.
    pub fn kebab(&self) -> String {
        self.snake().replace('_', "-")
    }

    /// `EventTooLarge`, as TypeScript has it.
    pub fn pascal(&self) -> String {
        let capitalized = |word: &str| word[..1].to_owned() + &word[1..].to_lowercase();
        self.word().split('_').map(capitalized).collect()
    }

    /// The first sentence of the meaning.
    pub fn brief(&self) -> &str {
        first_sentence(&self.meaning)
    }
}

pub(super) fn statuses() -> Vec<Status> {
    let items = items_of(include_str!("../ffi/status.rs"), "pub enum sr_status");
    let read = |item: super::source::DeclaredItem| {
        let (name, number) = item.code.split_once(" = ").expect("every status has its number");
        Status { name: name.to_owned(), number: number.parse().unwrap(), meaning: item.comment }
    };
    items.into_iter().map(read).collect()
}

#[test]
fn a_status_has_a_name_in_every_language() {
    let statuses = statuses();
    let name = |number| {
        let status = statuses.iter().find(|status| status.number == number).unwrap();
        (status.snake(), status.kebab(), status.pascal())
    };
    let expect =
        |snake: &str, kebab: &str, pascal: &str| (snake.to_owned(), kebab.to_owned(), pascal.to_owned());
    assert_eq!(name(0), expect("ok", "ok", "Ok"));
    assert_eq!(name(-4), expect("event_too_large", "event-too-large", "EventTooLarge"));
    assert_eq!(statuses.len(), 14);
}
