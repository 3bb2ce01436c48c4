//! Times and sizes as people write them: `30d`, `10GB`.

use std::time::Duration;

/// Seconds of each unit of time, the largest first.
const TIMES: [(&str, u64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

/// Bytes of each unit of size, the largest first. Those of disks are powers of ten.
const SIZES: [(&str, u64); 9] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("TIB", 1 << 40),
    ("GIB", 1 << 30),
    ("MIB", 1 << 20),
    ("KIB", 1 << 10),
    ("B", 1),
];

/// Reads a time such as `30d`, `12h` or `4w`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let problem =
        || format!("{text:?} is not a whole number above 0 with its unit: s, min, h, d or w, as in 30d");
    let (number, unit) = parts(text).ok_or_else(problem)?;
    if unit == "m" {
        // What is meant by it would be deleted or kept for months by mistake.
        return Err(format!(
            "{text:?} may be months or minutes: write {}d or {number}min",
            number.saturating_mul(30)
        ));
    }
    let seconds = TIMES.iter().find(|(name, _)| *name == unit).ok_or_else(problem)?.1;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(problem)
}

/// Reads a size such as `10GB`, `500 MB` or `2GiB`.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let problem = || {
        format!(
            "{text:?} is not a whole number above 0 with its unit: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, as in 10GB"
        )
    };
    let (number, unit) = parts(text).ok_or_else(problem)?;
    let unit = unit.to_ascii_uppercase();
    let bytes = SIZES.iter().find(|(name, _)| *name == unit).ok_or_else(problem)?.1;
    number.checked_mul(bytes).ok_or_else(problem)
}

pub(crate) fn duration_in_words(duration: Duration) -> String {
    in_largest(duration.as_secs(), &TIMES, "")
}

pub(crate) fn bytes_in_words(bytes: u64) -> String {
    // Of the powers of ten: what was written in the others is said in bytes, or in kB.
    in_largest(bytes, &[SIZES[0], SIZES[1], SIZES[2], ("kB", 1_000), ("B", 1)], " ")
}

/// In the largest unit of which it is a whole number.
fn in_largest(number: u64, units: &[(&str, u64)], space: &str) -> String {
    let fits = units.iter().find(|(_, size)| number > 0 && number.is_multiple_of(*size));
    let (name, size) = fits.or(units.last()).copied().unwrap_or(("", 1));
    format!("{}{space}{name}", number / size)
}

/// The number and what follows it.
fn parts(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((number, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        for (text, seconds) in [
            ("30d", Some(2_592_000)),
            ("1h", Some(3_600)),
            (" 4 w ", Some(2_419_200)),
            ("90min", Some(5_400)),
            ("1m", None),
            ("2s", Some(2)),
            ("30", None),
            ("0d", None),
            ("d", None),
            ("-1d", None),
            ("1.5d", None),
            ("30 days", None),
            ("99999999999999999999d", None),
            ("9999999999999999999w", None),
            ("", None),
        ] {
            assert_eq!(parse_duration(text).ok(), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn sizes_are_read_with_their_unit() {
        for (text, bytes) in [
            ("10GB", Some(10_000_000_000)),
            ("500 MB", Some(500_000_000)),
            ("1kB", Some(1_000)),
            ("2gib", Some(2 << 30)),
            ("7B", Some(7)),
            ("10", None),
            ("0GB", None),
            ("GB", None),
            ("1.5GB", None),
            ("10 gigabytes", None),
            ("99999999999TB", None),
        ] {
            assert_eq!(parse_bytes(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn they_are_said_as_they_were_written() {
        for text in ["30d", "12h", "3w", "90min"] {
            assert_eq!(duration_in_words(parse_duration(text).unwrap()), text);
        }
        assert_eq!(duration_in_words(parse_duration("24h").unwrap()), "1d");
        for text in ["10 GB", "500 MB", "3 kB", "1 B"] {
            assert_eq!(bytes_in_words(parse_bytes(text).unwrap()), text);
        }
    }
}
