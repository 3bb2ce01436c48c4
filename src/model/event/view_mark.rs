//! The mark before a stored event of a view's page: which view it is of. `docs/reference/storage-format.md` has the form.

/// What no event begins with.
const SIGN: u8 = b'@';
const MAX_DIGITS: usize = 10;

/// A view's number as it stands before each event of its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewMark {
    bytes: [u8; 1 + MAX_DIGITS],
    start: usize,
}

impl ViewMark {
    /// Of this view.
    pub fn new(view: u32) -> Self {
        let mut bytes = [SIGN; 1 + MAX_DIGITS];
        let (mut start, mut rest) = (bytes.len(), view);
        loop {
            start -= 1;
            bytes[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        start -= 1;
        Self { bytes, start }
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// A stored event without its mark, and the view that it is of. What has no good mark is given back as it is: an event that
/// begins otherwise than one is refused later, by whoever parses it.
pub(crate) fn split_mark(stored: &[u8]) -> (Option<u32>, &[u8]) {
    let view = || {
        let rest = stored.strip_prefix(&[SIGN])?;
        let digits = rest.iter().take(MAX_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
        let number = str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
        Some((number, &rest[digits..]))
    };
    view().map_or((None, stored), |(number, event)| (Some(number), event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again_before_any_event() {
        for (view, text) in [(0, "@0"), (1, "@1"), (10, "@10"), (987, "@987"), (u32::MAX, "@4294967295")] {
            let mark = ViewMark::new(view);
            assert_eq!(mark.as_bytes(), text.as_bytes());
            let stored = [mark.as_bytes(), br#"{"type":3}"#].concat();
            assert_eq!(split_mark(&stored), (Some(view), &br#"{"type":3}"#[..]));
        }
    }

    #[test]
    fn what_has_no_good_mark_stays_as_it_is() {
        for text in [&b"{}"[..], b"", b"@", b"@{}", b"@x{}", b"@99999999999{}", b"@4294967296{}"] {
            let (view, event) = split_mark(text);
            assert!(view.is_none() && event == text || event.first() != Some(&b'{'), "{text:?}");
        }
    }
}
