//! Which node ids of the scene's document belong to what. rrweb's ids are doubles: all stay below 2^53.
//!
//! | ids | what |
//! | --- | --- |
//! | 1..1,000 | the outer document |
//! | 1,000..1,000,000,000 | ten of each view: its window, its title bar, its content |
//! | view × 1,000,000,000 + i | node i of the page in that view |
//! | view × 1,000,000,000 + 500,000,000 + i | what else lies in its content |

pub(super) const DOCUMENT: u64 = 1;
pub(super) const DOCUMENT_TYPE: u64 = 2;
pub(super) const HTML: u64 = 3;
pub(super) const HEAD: u64 = 4;
pub(super) const STYLE: u64 = 5;
pub(super) const STYLE_TEXT: u64 = 6;
pub(super) const BODY: u64 = 7;

const FIRST_OF_VIEWS: u64 = 1_000;
const PER_VIEW: u64 = 10;
const PER_PAGE: u64 = 1_000_000_000;
const FIRST_OF_CONTENT: u64 = 500_000_000;

/// The highest number of a view: its last id is below 2^53.
pub(super) const MAX_VIEW: u32 = 9_000_000;
/// How many ids there are for what lies in a view.
pub(super) const MAX_CONTENT: u64 = 400_000_000;

/// The ids of one view, by its number. Numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ViewIds(pub u32);

impl ViewIds {
    fn of_view(self, which: u64) -> u64 {
        FIRST_OF_VIEWS + u64::from(self.0) * PER_VIEW + which
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

    /// Node `id` of its page.
    pub fn of_page(self, id: u64) -> u64 {
        u64::from(self.0) * PER_PAGE + id
    }

    /// The id of this number among what else lies in it.
    pub fn of_content(self, number: u64) -> u64 {
        self.of_page(FIRST_OF_CONTENT + number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_things_have_the_same_id_and_doubles_hold_all() {
        let last = ViewIds(MAX_VIEW);
        assert!(last.of_content(MAX_CONTENT) < 1 << 53);
        assert!(last.frame() < ViewIds(1).of_page(1));
        assert!(ViewIds(1).window() > BODY && ViewIds(1).frame() < ViewIds(2).window());
        assert!(ViewIds(1).of_content(MAX_CONTENT) < ViewIds(2).of_page(0));
    }
}
