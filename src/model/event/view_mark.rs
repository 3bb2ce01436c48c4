//! The mark before a stored event of a view's page: which view it is of and which document of its page, and since when the
//! scene has that view's frame.
//! `docs/reference/storage-format.md` has the form.

/// What no event begins with.
const SIGN: u8 = b'@';
/// The sign, ten digits, a comma, ten digits, a comma, nineteen digits.
const MAX_BYTES: usize = 42;

/// A mark, as it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewMark {
    bytes: [u8; MAX_BYTES],
    start: usize,
}

/// What a stored event's mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marked<'a> {
    /// The view's number.
    pub view: u32,
    /// That of the page's document: the full snapshot that the event is, or builds on.
    pub document: u32,
    /// Milliseconds since 1970, as they are written: the page's clock is not the scene's, and no event of the page is to be
    /// played before its frame is there.
    pub not_before: &'a str,
}

impl ViewMark {
    /// Of this view and this document of its page; the frame is there since then.
    pub fn new(view: u32, document: u32, since_ms: u64) -> Self {
        let mut mark = Self { bytes: [0; MAX_BYTES], start: MAX_BYTES };
        mark.put_number(since_ms.min(i64::MAX as u64));
        mark.put(b',');
        mark.put_number(document.into());
        mark.put(b',');
        mark.put_number(view.into());
        mark.put(SIGN);
        mark
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
        let (view, rest) = digits(stored.strip_prefix(&[SIGN])?);
        let (document, rest) = digits(rest.strip_prefix(b",")?);
        let (not_before, event) = digits(rest.strip_prefix(b",")?);
        let (view, document) = (view.parse().ok()?, document.parse().ok()?);
        not_before.parse::<i64>().ok()?;
        Some((Marked { view, document, not_before }, event))
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
            (0, 0, 0, "@0,0,0"),
            (1, 2, 1_732_300_000_000, "@1,2,1732300000000"),
            (987, 9_000_001, 10, "@987,9000001,10"),
            (u32::MAX, u32::MAX, u64::MAX, "@4294967295,4294967295,9223372036854775807"),
        ] {
            let mark = ViewMark::new(view, document, since);
            assert_eq!(mark.as_bytes(), text.as_bytes());
            let stored = [mark.as_bytes(), br#"{"type":3}"#].concat();
            let (_, not_before) = text.rsplit_once(',').unwrap();
            let marked = Marked { view, document, not_before };
            assert_eq!(split_mark(&stored), (Some(marked), &br#"{"type":3}"#[..]));
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
        ] {
            assert_eq!(split_mark(text.as_bytes()), (None, text.as_bytes()), "{text}");
        }
    }
}
