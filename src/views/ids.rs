//! Which node ids of the scene's document belong to what. rrweb's ids are doubles: all stay below 2^53.
//!
//! | ids | what |
//! | --- | --- |
//! | 1..1,000 | the outer document |
//! | 1,000..2,000 | ten of each of the first 99 views: its window, its title bar, its content |
//! | 2,000..1,000,000,000 | what lies in the content of the first 31 views: blocks of 1,000 ids, of each view in turn |
//! | number × 1,000,000,000 + i | node i of the page's document of that number, below 499,999,999 |
//! | number × 1,000,000,000 + 499,999,999 | no node: what a page says of an id that none of its nodes can have |
//! | number × 1,000,000,000 + 500,000,000 | what documents in a page's iframes are made of: no page can name it |
//! | number × 1,000,000,000 + 500,000,000 + i | what lies in the content of another view, and what is beyond `SHORT_CONTENT` |
//! | number × 1,000,000,000 + 900,000,000 + i | ten of each other view |
//!
//! The first views have short ids, since ids are a good part of the bytes of small nodes: few programs have more. What follows
//! each other in a view has ids that do, which gzip has in few bytes.
//!
//! Views and the documents of their pages are numbered together, from 1 on. Each full snapshot of a page is a document with a
//! number of its own: a page that navigates or reloads counts its nodes from 1 again, and a player takes a node for the one
//! that has had its id before.

use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const DOCUMENT: u64 = 1;
pub(super) const DOCUMENT_TYPE: u64 = 2;
pub(super) const HTML: u64 = 3;
pub(super) const HEAD: u64 = 4;
pub(super) const STYLE: u64 = 5;
pub(super) const STYLE_TEXT: u64 = 6;
pub(super) const BODY: u64 = 7;

const FIRST_OF_VIEWS: u64 = 1_000;
const PER_VIEW: u64 = 10;
const VIEWS_WITH_SHORT_IDS: u64 = 100;
const FIRST_OF_CONTENT_SHORT: u64 = 2_000;
const VIEWS_WITH_SHORT_CONTENT: u64 = 31;
/// How many ids of what lies in such a view are short.
const SHORT_CONTENT: u64 = 30_000_000;
/// The parts of what lies in a view have ids side by side: so many numbers, from a multiple of it on, do.
pub(super) const BLOCK: u64 = 1_000;
const PER_NUMBER: u64 = 1_000_000_000;
const FIRST_OF_CONTENT: u64 = 500_000_000;
/// The last number of a page's nodes, which none has.
const NO_NODE: u64 = FIRST_OF_CONTENT - 1;
const FIRST_OF_OTHER_VIEWS: u64 = 900_000_000;

/// The highest number of a view or a document: its last id is below 2^53.
const MAX_NUMBER: u32 = 9_000_000;
/// How many ids there are for what lies in a view.
pub(super) const MAX_CONTENT: u64 = 400_000_000;

/// The ids of one view, by its number. Numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ViewIds(pub u32);

impl ViewIds {
    fn of_view(self, which: u64) -> u64 {
        match u64::from(self.0) {
            number @ ..VIEWS_WITH_SHORT_IDS => FIRST_OF_VIEWS + number * PER_VIEW + which,
            number => number * PER_NUMBER + FIRST_OF_OTHER_VIEWS + which,
        }
    }

    /// The element with everything of the view in it.
    pub fn window(self) -> u64 {
        self.of_view(0)
    }

    pub fn bar(self) -> u64 {
        self.of_view(1)
    }

    pub fn title(self) -> u64 {
        self.of_view(2)
    }

    /// The element that its content lies in.
    pub fn content(self) -> u64 {
        self.of_view(3)
    }

    /// The element that its page lies in.
    pub fn frame(self) -> u64 {
        self.of_view(4)
    }

    /// The id of this number among what lies in it.
    pub fn of_content(self, number: u64) -> u64 {
        let view = u64::from(self.0);
        if view <= VIEWS_WITH_SHORT_CONTENT && number < SHORT_CONTENT {
            let (block, at) = (number / BLOCK, number % BLOCK);
            return FIRST_OF_CONTENT_SHORT + (block * VIEWS_WITH_SHORT_CONTENT + view - 1) * BLOCK + at;
        }
        view * PER_NUMBER + FIRST_OF_CONTENT + number
    }
}

/// The ids of one document of a page, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DocumentIds(pub u32);

impl DocumentIds {
    /// Those of events whose document is not in the recording: no player has a node of them.
    pub const NONE: Self = Self(MAX_NUMBER + 1);

    /// Ids of a page's nodes of up to so many decimal digits are all in the document's range: nearly all are.
    pub const DIGITS: usize = FIRST_OF_CONTENT.ilog10() as usize;

    /// What the ids of its nodes are counted from.
    pub fn base(self) -> u64 {
        u64::from(self.0) * PER_NUMBER
    }

    /// The root of a document that is added to it, for a player to make it of: no id of a page becomes this one.
    pub fn root_of_added(self) -> u64 {
        self.base() + FIRST_OF_CONTENT
    }

    /// Node `id` of the document, whatever number a page gives: one that is out of range is no node of the document, never
    /// something of another.
    pub fn of_node(self, id: f64) -> u64 {
        let is_one = id.fract() == 0.0 && (1.0..NO_NODE as f64).contains(&id);
        self.base() + if is_one { id as u64 } else { NO_NODE }
    }
}

/// Gives each view and each document its number.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    given: AtomicU32,
}

impl Numbers {
    /// The next number; `None`: they are used up.
    pub fn next(&self) -> Option<u32> {
        let next = |given: u32| (given < MAX_NUMBER).then_some(given + 1);
        self.given.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok().map(|before| before + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_things_have_the_same_id_and_doubles_hold_all() {
        let last = ViewIds(MAX_NUMBER);
        assert!(last.of_content(MAX_CONTENT) < 1 << 53);
        assert!(DocumentIds::NONE.of_node(f64::MAX) < 1 << 53);
        assert!(DocumentIds::NONE.of_node(1.0) > last.frame());
        assert!(ViewIds(1).window() > BODY);
        let mut seen = std::collections::HashSet::new();
        for number in [1, 2, 31, 32, 33, 99, 100, 101, MAX_NUMBER] {
            let view = ViewIds(number);
            let own = [view.window(), view.bar(), view.title(), view.content(), view.frame()];
            let content =
                [0, 1, 2, 999, SHORT_CONTENT - 1, SHORT_CONTENT, SHORT_CONTENT + 1, MAX_CONTENT - 1];
            let page = [1.0, 2.0, 499_999_998.0, 7e15].map(|id| DocumentIds(number).of_node(id));
            for id in own.into_iter().chain(content.map(|number| view.of_content(number))).chain(page) {
                assert!(id > BODY && seen.insert(id), "{id} of {number}");
            }
        }
    }

    #[test]
    fn a_number_that_no_node_of_a_page_can_have_is_no_node_of_its_document() {
        let digits = u32::try_from(DocumentIds::DIGITS).unwrap();
        let longest = (10_u64.pow(digits) - 1) as f64;
        for id in [1.0, longest, 499_999_998.0] {
            assert_eq!(DocumentIds(3).of_node(id), 3_000_000_000 + id as u64);
        }
        let beyond = [499_999_999.0, 500_000_000.0, 999_999_999.0, 1e9, 1_000_000_005.0, 9e15, 1e19, 1e300];
        let others = [0.0, -0.0, -1.0, -2.0, -1e9, 0.5, 7.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        for id in beyond.into_iter().chain(others) {
            assert_eq!(DocumentIds(3).of_node(id), 3_499_999_999, "{id}");
        }
        assert_eq!(DocumentIds(3).root_of_added(), 3_500_000_000);
        assert!(DocumentIds::NONE.root_of_added() < 1 << 53);
    }

    #[test]
    fn the_ids_of_the_first_views_are_short() {
        assert_eq!(ViewIds(1).content(), 1_013);
        assert_eq!([0, 4, 1_000].map(|number| ViewIds(1).of_content(number)), [2_000, 2_004, 33_000]);
        assert!(ViewIds(31).of_content(SHORT_CONTENT - 1) < DocumentIds(1).base());
        assert!(ViewIds(99).frame() < ViewIds(1).of_content(0));
    }

    #[test]
    fn numbers_begin_at_one_and_end_where_ids_would_not_fit() {
        let numbers = Numbers::default();
        assert_eq!([numbers.next(), numbers.next()], [Some(1), Some(2)]);
        numbers.given.store(MAX_NUMBER - 1, Ordering::Relaxed);
        assert_eq!([numbers.next(), numbers.next(), numbers.next()], [Some(MAX_NUMBER), None, None]);
    }
}
