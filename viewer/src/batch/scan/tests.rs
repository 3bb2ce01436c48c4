use serde_json::value::RawValue;

use super::strings::MIN_ROOM;
use super::*;

/// All kinds of values, and everything that a string may hold.
const TEXTS: [&str; 6] = [
    r#"{"type":3,"timestamp":1795465977101.5,"data":{"source":0,"texts":[],"adds":[{"parentId":4,"node":{"a":"\u00e9\ud83d\ude00\\\"\/\b\f\n\r\t"}}]}}"#,
    " [ 0 , -0 , 10.25 , -1e9 , 2E+30 , 3.5e-7 , true , false , null , \"\" , {} , [] , { } , [ ] ] ",
    "{\"a long key that is no multiple of eight bytes\":\"a long text, in which é, 😀 and \u{7f} are plain\",\"b\":[[[{\"c\":[1,2]}]]]}",
    r#""\ud800""#,
    r#""1234567\"1234567\\12345678""#,
    "12345678",
];

/// What `serde_json` says: the value's text, where there is one and nothing else.
fn read(text: &str) -> Option<&str> {
    serde_json::from_str::<&RawValue>(text).ok().map(RawValue::get)
}

fn scanned(text: &str) -> Option<&str> {
    let mut scanner = Scanner::new(text);
    let value = scanner.value()?;
    scanner.end()?;
    Some(value)
}

fn unescaped(text: &str) -> Option<String> {
    let mut scanner = Scanner::new(text);
    let mut room = Vec::new();
    let string = scanner.string(&mut room)?.to_owned();
    scanner.end()?;
    Some(string)
}

/// Changes a few bytes, so that it often stays JSON.
pub(in crate::batch) fn spoil(text: &str, random: &mut fastrand::Rng) -> Vec<u8> {
    const BYTES: &[u8] = b"\"\"\\\\{}[],:01.-+eEtfnudD89 \n\x1f\x80a/";
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..bytes.len());
        let byte = BYTES[random.usize(..BYTES.len())];
        match random.u8(..4) {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(bytes.len() - random.usize(..3).min(bytes.len() - 1)),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn what_is_passed_over_is_what_serde_json_reads() {
    for text in &TEXTS {
        assert_eq!(scanned(text), read(text));
    }
    let mut random = fastrand::Rng::with_seed(7);
    let mut taken = 0;
    for _ in 0..5_000 {
        for text in TEXTS {
            let bytes = spoil(text, &mut random);
            let Ok(text) = std::str::from_utf8(&bytes) else { continue };
            assert_eq!(scanned(text), read(text), "{text}");
            taken += u32::from(scanned(text).is_some());
            // Halves of characters are no string to either.
            let string = serde_json::from_str::<String>(text).ok();
            assert_eq!(unescaped(text), string, "{text}");
        }
    }
    assert!(taken > 1_000, "{taken}");
}

#[test]
fn strings_of_any_length_end_where_they_end() {
    for length in (0..40).chain(MIN_ROOM - 20..MIN_ROOM + 20) {
        for end in ["\"", "\\n\"", "\\u00e9\"", "é\"", "\\\"\"", "\n\"", "", "\\", "\\u12"] {
            let text = format!("\"{}{end}", "x".repeat(length));
            assert_eq!(unescaped(&text), serde_json::from_str(&text).ok(), "{length} and {end:?}");
            assert_eq!(scanned(&text), read(&text), "{length} and {end:?}");
        }
    }
}

#[test]
fn levels_are_told_apart_up_to_a_depth() {
    for depth in [1, 63, 64, 65, 127, 128, 129, 130, MAX_DEPTH / 2] {
        let (open, close) = ("[{\"a\":".repeat(depth), "}]".repeat(depth));
        let text = format!("{open}[1,{{}}]{close}");
        assert_eq!(scanned(&text), (2 * depth < MAX_DEPTH).then_some(&*text), "{depth}");
        for wrong in ["]}".repeat(depth), close[1..].to_owned(), format!("{close}]")] {
            assert_eq!(scanned(&format!("{open}1{wrong}")), None, "{depth}");
        }
    }
    assert_eq!(scanned(&("[".repeat(100_000) + &"]".repeat(100_000))), None);
}

#[test]
fn members_and_items_are_told_one_by_one() {
    let mut members = Vec::new();
    let mut scanner = Scanner::new(r#" { "a" : 1 , "b":[2,{"c":3}],"":"\"" } "#);
    let end = scanner.object(|key, scanner| {
        members.push((key, scanner.value()?));
        Some(())
    });
    assert_eq!((end, scanner.end()), (Some(()), Some(())));
    assert_eq!(members, [("a", "1"), ("b", r#"[2,{"c":3}]"#), ("", r#""\"""#)]);
    for text in
        ["{", "{}}", r#"{"a"}"#, r#"{"a":}"#, r#"{"a":1,}"#, r#"{"a":1 "b":2}"#, r#"{"\u0061":1}"#, "[]", ""]
    {
        let mut scanner = Scanner::new(text);
        let end = scanner.object(|_, scanner| scanner.value().map(drop)).and_then(|()| scanner.end());
        assert_eq!(end, None, "{text}");
    }
    for text in ["[", "[]]", "[1,]", "[,1]", "[1 2]", "{}", ""] {
        let mut scanner = Scanner::new(text);
        let end = scanner.list(|scanner| scanner.value().map(drop)).and_then(|()| scanner.end());
        assert_eq!(end, None, "{text}");
    }
}
