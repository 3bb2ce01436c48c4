//! The mark before a stored event of a scene: which view's page it is of, and which document of that; or that it is the whole
//! scene. `docs/reference/storage-format.md` has the form.

/// What no event begins with.
const SIGN: u8 = b'@';
/// The sign, ten digits, a comma, ten digits, a comma, nineteen digits.
const MAX_BYTES: usize = 42;
/// Where the number of a view would stand. Views count from 1.
const SCENE: u32 = 0;

/// A mark, as it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewMark {
    bytes: [u8; MAX_BYTES],
    start: usize,
    is_of_page: bool,
}

/// What a stored event's mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marked<'a> {
    /// It is an event of a page.
    Page {
        /// The view's number.
        view: u32,
        /// That of the page's document: the full snapshot that the event is, or builds on.
        document: u32,
        /// Milliseconds since 1970, as they are written: the page's clock is not the scene's, and no event of the page is to be
        /// played before its frame is there.
        not_before: &'a str,
    },
    /// It is the full snapshot of the scene, which is so large. Its Meta event is stored with it, since a session that begins
    /// between the two would leave one with a Meta event alone.
    Scene {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
}

impl ViewMark {
    /// Of this view and this document of its page; the frame is there since then.
    pub fn of_page(view: u32, document: u32, since_ms: u64) -> Self {
        Self::new(view, document, since_ms.min(i64::MAX as u64))
    }

    /// Of the scene's full snapshot, which is so large.
    pub fn of_scene([width, height]: [u32; 2]) -> Self {
        Self::new(SCENE, width, height.into())
    }

    fn new(first: u32, second: u32, third: u64) -> Self {
        let mut mark = Self { bytes: [0; MAX_BYTES], start: MAX_BYTES, is_of_page: first != SCENE };
        mark.put_number(third);
        mark.put(b',');
        mark.put_number(second.into());
        mark.put(b',');
        mark.put_number(first.into());
        mark.put(SIGN);
        mark
    }

    /// Whether it is an event of a page's.
    pub fn is_of_page(&self) -> bool {
        self.is_of_page
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    fn put_number(&mut self, mut number: u64) {
        loop {
            self.put(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// A stored event without its mark, and what that says. What has no good mark is given back as it is: what begins otherwise than
/// an event is refused later, by whoever parses it.
pub(crate) fn split_mark(stored: &[u8]) -> (Option<Marked<'_>>, &[u8]) {
    let marked = || {
        let (first, rest) = digits(stored.strip_prefix(&[SIGN])?);
        let (second, rest) = digits(rest.strip_prefix(b",")?);
        let (third, event) = digits(rest.strip_prefix(b",")?);
        let (view, second) = (first.parse().ok()?, second.parse().ok()?);
        let number: i64 = third.parse().ok()?;
        let marked = match view {
            SCENE => Marked::Scene { width: second, height: number.try_into().ok()? },
            view => Marked::Page { view, document: second, not_before: third },
        };
        Some((marked, event))
    };
    marked().map_or((None, stored), |(marked, event)| (Some(marked), event))
}

/// The digits at the beginning, and the rest.
fn digits(bytes: &[u8]) -> (&str, &[u8]) {
    let count = bytes.iter().take(MAX_BYTES).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(count);
    (str::from_utf8(digits).unwrap_or_default(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again_before_any_event() {
        for (view, document, since, text) in [
            (1, 0, 0, "@1,0,0"),
            (1, 2, 1_732_300_000_000, "@1,2,1732300000000"),
            (987, 9_000_001, 10, "@987,9000001,10"),
            (u32::MAX, u32::MAX, u64::MAX, "@4294967295,4294967295,9223372036854775807"),
        ] {
            let mark = ViewMark::of_page(view, document, since);
            let (_, not_before) = text.rsplit_once(',').unwrap();
            found(mark, text, Marked::Page { view, document, not_before });
        }
        for (size, text) in
            [([0, 0], "@0,0,0"), ([1280, 800], "@0,1280,800"), ([u32::MAX; 2], "@0,4294967295,4294967295")]
        {
            let [width, height] = size;
            found(ViewMark::of_scene(size), text, Marked::Scene { width, height });
        }
    }

    fn found(mark: ViewMark, text: &str, expected: Marked) {
        assert_eq!(mark.as_bytes(), text.as_bytes());
        assert_eq!(mark.is_of_page(), matches!(expected, Marked::Page { .. }));
        let stored = [mark.as_bytes(), br#"{"type":3}"#].concat();
        assert_eq!(split_mark(&stored), (Some(expected), &br#"{"type":3}"#[..]));
    }

    #[test]
    fn what_has_no_good_mark_stays_as_it_is() {
        for text in [
            "{}",
            "",
            "@",
            "@{}",
            "@1{}",
            "@1,{}",
            "@1,2{}",
            "@1,2,{}",
            "@,1,2{}",
            "@1,,2{}",
            "@x,1,2{}",
            "@4294967296,1,2{}",
            "@1,4294967296,2{}",
            "@1,2,9223372036854775808{}",
            "@0,1,4294967296{}",
        ] {
            assert_eq!(split_mark(text.as_bytes()), (None, text.as_bytes()), "{text}");
        }
    }
}
