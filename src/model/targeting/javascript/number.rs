//! Numbers as texts, and texts as numbers.

use super::text::Text;

/// `String(number)`
pub(in crate::model::targeting) fn to_text(number: f64) -> String {
    if number == 0.0 || number.is_nan() {
        return if number == 0.0 { "0" } else { "NaN" }.to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}Infinity");
    }
    // The shortest digits that are this number, in both languages.
    let written = format!("{:e}", number.abs());
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let digits = mantissa.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or_default() + 1;
    format!("{sign}{}", placed(&digits, point))
}

/// These digits, with the point behind so many of them.
fn placed(digits: &str, point: i32) -> String {
    let count = digits.len() as i32;
    let (whole, fraction) = digits.split_at(point.clamp(0, count) as usize);
    match point {
        _ if (count..=21).contains(&point) => format!("{digits}{}", "0".repeat((point - count) as usize)),
        1..=21 => format!("{whole}.{fraction}"),
        -5..=0 => format!("0.{}{digits}", "0".repeat(-point as usize)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!("{first}{dot}{rest}e{:+}", point - 1)
        }
    }
}

/// `Number(text)`
pub(in crate::model::targeting) fn from_text(text: &Text) -> f64 {
    let text = text.to_string();
    let text = text.trim_matches(is_white_space);
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ => match text.as_bytes() {
            [b'0', b'x' | b'X', digits @ ..] => whole(digits, 4),
            [b'0', b'o' | b'O', digits @ ..] => whole(digits, 3),
            [b'0', b'b' | b'B', digits @ ..] => whole(digits, 1),
            // Rust reads decimals alike, and these words besides.
            bytes if bytes.iter().all(|byte| b"0123456789+-.eE".contains(byte)) => {
                text.parse().unwrap_or(f64::NAN)
            }
            _ => f64::NAN,
        },
    }
}

/// Digits of so many bits each, rounded to the nearest double, halves to the even one.
fn whole(digits: &[u8], bits: u32) -> f64 {
    let (mut number, mut dropped) = (0_u128, 0_i32);
    let mut is_inexact = false;
    for digit in digits {
        let digit = match char::from(*digit).to_digit(1 << bits) {
            Some(digit) => u128::from(digit),
            None => return f64::NAN,
        };
        if number >> 100 == 0 {
            number = number << bits | digit;
        } else {
            dropped = dropped.saturating_add(bits as i32);
            is_inexact |= digit != 0;
        }
    }
    if digits.is_empty() {
        return f64::NAN;
    }
    (number | u128::from(is_inexact)) as f64 * 2_f64.powi(dropped)
}

/// What JavaScript trims.
pub(in crate::model::targeting) fn is_white_space(character: char) -> bool {
    matches!(character, '\t'..='\r' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}'
        | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_in_javascript() {
        for (number, written) in [
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (123456789012345680000.0, "123456789012345680000"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (-1e-7, "-1e-7"),
            (1.25, "1.25"),
            (-12300.0, "-12300"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(to_text(number), written);
        }
    }

    #[test]
    fn a_text_is_read_as_in_javascript() {
        for (text, number) in [
            ("", 0.0),
            (" \u{FEFF}\n12\u{2029}", 12.0),
            ("+1.5e3", 1500.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e999", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("0x1F", 31.0),
            ("0B101", 5.0),
            ("0o17", 15.0),
            // 2⁵³ + 1 is no double: the half goes to the even one, and a bit far behind lifts it.
            ("0x20000000000001", 9007199254740992.0),
            ("0x200000000000010000000000000000000001", 9007199254740994.0 * 2_f64.powi(88)),
        ] {
            assert_eq!(from_text(&text.into()), number, "{text}");
        }
        for text in [
            "1_000", "inf", "NaN", "nan", "0x", "-0x1", ".", "e5", "1e", "1,5", "١", "--1", "1 2", "\u{85}1",
            "0b2",
        ] {
            assert!(from_text(&text.into()).is_nan(), "{text}");
        }
        assert!(whole(&[b'f'; 300], 4).is_infinite());
    }
}
