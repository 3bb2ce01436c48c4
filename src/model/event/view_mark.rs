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

    /// Each event of a page has a time of thirteen digits in its mark.
    fn put_number(&mut self, mut number: u64) {
        while number >= EIGHT_DIGITS {
            let end = self.start;
            self.start -= 8;
            self.bytes[self.start..end].copy_from_slice(&eight_digits(number % EIGHT_DIGITS));
            number /= EIGHT_DIGITS;
        }
        let mut rest = number as u32;
        loop {
            self.put(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// The first number of nine digits.
const EIGHT_DIGITS: u64 = 100_000_000;

/// The digits of a number below [`EIGHT_DIGITS`], zeros before it: halves, then pairs, then digits of all of them at once, each
/// in a part of a word of its own.
fn eight_digits(number: u64) -> [u8; 8] {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    // Divided by 100, then by 10: exactly so for numbers this small.
    let hundreds = (halves * 10_486) >> 20 & 0x7f_0000_007f;
    let pairs = hundreds | (halves - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = tens | (pairs - tens * 10) << 8;
    (digits + u64::from_le_bytes([b'0'; 8])).to_le_bytes()
}

/// A stored event without its mark, and what that says. What has no good mark is given back as it is: what begins otherwise than
/// an event is refused later, by whoever parses it.
pub(crate) fn split_mark(stored: &[u8]) -> (Option<Marked<'_>>, &[u8]) {
    let marked = || {
        let (view, rest) = number(stored.strip_prefix(&[SIGN])?)?;
        let (second, rest) = number(rest.strip_prefix(b",")?)?;
        let third = rest.strip_prefix(b",")?;
        let (view, second) = (view.try_into().ok()?, second.try_into().ok()?);
        if view == SCENE {
            let (height, event) = number(third)?;
            return Some((Marked::Scene { width: second, height: height.try_into().ok()? }, event));
        }
        let (not_before, event) = third.split_at(digits(third));
        // Of so few, whatever they are, a word holds the number: it is looked at for each event of a page.
        if !(1..MAX_DIGITS).contains(&not_before.len()) {
            i64::try_from(number(not_before)?.0).ok()?;
        }
        let not_before = str::from_utf8(not_before).ok()?;
        Some((Marked::Page { view, document: second, not_before }, event))
    };
    marked().map_or((None, stored), |(marked, event)| (Some(marked), event))
}

/// So many any number has that is written; a word without a sign holds all of them.
const MAX_DIGITS: usize = 19;

/// How many digits come first.
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len())
}

/// The number that comes first, and the rest.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (digits, rest) = bytes.split_at(digits(bytes));
    let add = |number: u64, digit: &u8| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
    (1..=MAX_DIGITS).contains(&digits.len()).then(|| (digits.iter().fold(0, add), rest))
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
    fn numbers_are_written_as_any_are() {
        let mut random = fastrand::Rng::with_seed(42);
        for _ in 0..20_000 {
            let any = [(); 3].map(|()| random.u64(..) >> random.u32(..64));
            let [view, document] = [any[0] as u32, any[1] as u32];
            let mark = ViewMark::of_page(view, document, any[2]);
            let expected = format!("@{view},{document},{}", any[2].min(i64::MAX as u64));
            assert_eq!(str::from_utf8(mark.as_bytes()), Ok(&*expected));
        }
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
            "@1,2,17323000000000000000{}",
            "@1,2,173230000000000000000000{}",
            "@1,18446744073709551617,2{}",
            "@0,1,4294967296{}",
        ] {
            assert_eq!(split_mark(text.as_bytes()), (None, text.as_bytes()), "{text}");
        }
    }
}
