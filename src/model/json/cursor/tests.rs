//! What a walk over JSON sees, and that it ends.

use serde_json::{Value, json};

use super::*;

#[test]
fn goes_past_every_kind_of_value() {
    for value in
        ["{}", "[]", "\"\"", r#""a\"]}\\""#, "-1.5e3", "true", "null", r#"{"a":[{"]":"}"},[[]]]}"#, "[1 , 2]"]
    {
        let text = format!("[ {value} , 7 ]");
        let mut cursor = Cursor::new(&text);
        cursor.enter();
        assert!(cursor.next_element());
        cursor.skip();
        assert!(cursor.next_element(), "{value}");
        assert_eq!(cursor.number(), Some(7.0), "{value}");
        assert!(!cursor.next_element());
    }
}

#[test]
fn gives_each_member_by_its_name() {
    let mut cursor = Cursor::new(r#" { "a" : 1 , "\u0062":{"c":2}, "\ud800":3,"d":null } "#);
    assert_eq!(cursor.kind(), JsonKind::Object);
    cursor.enter();
    let mut keys = Vec::new();
    while let Some(key) = cursor.next_member() {
        keys.push(key.into_owned());
        cursor.skip();
    }
    assert_eq!(keys, [&b"a"[..], b"b", b"", b"d"]);

    let members = Cursor::new(r#" {"a": [1] ,"b":"x"}"#).members();
    let members: Vec<_> = members.map(|(key, value)| (key.into_owned(), value)).collect();
    assert_eq!(members, [(b"a".to_vec(), "[1]"), (b"b".to_vec(), "\"x\"")]);
    assert_eq!(Cursor::new("[ 1 ,{} ]").elements().collect::<Vec<_>>(), ["1", "{}"]);
    assert_eq!(Cursor::new("{}").elements().count() + Cursor::new("[1]").members().count(), 0);
}

#[test]
fn is_true_as_in_javascript() {
    for (value, is_so) in [
        ("true", true),
        ("{}", true),
        ("[]", true),
        ("\"0\"", true),
        ("-1e3", true),
        ("false", false),
        ("null", false),
        ("\"\"", false),
        ("0", false),
        ("-0.0", false),
    ] {
        let text = format!("[{value},7]");
        let mut cursor = Cursor::new(&text);
        cursor.enter();
        cursor.next_element();
        assert_eq!(cursor.is_truthy(), is_so, "{value}");
        assert!(cursor.next_element());
        assert_eq!(cursor.number(), Some(7.0), "{value}");
    }
}

#[test]
fn ends_on_whatever_it_is_given() {
    for text in
        ["", "{", "[", "\"", "\\", "}", ",", ":", "{\"a\"", "{\"a\":", "[1", "\"\\", "[,,]", "{:}", "]]"]
    {
        let mut cursor = Cursor::new(text);
        cursor.kind();
        cursor.enter();
        for _ in 0..10 {
            cursor.next_member();
            cursor.skip();
            cursor.next_element();
            cursor.number();
        }
    }
}

/// Each of up to five bytes of these, walked over as an array and as an object.
#[test]
fn every_walk_over_elements_and_members_ends() {
    let bytes = *b"[]{},:\"1 ";
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts.iter().flat_map(|text| bytes.map(|byte| format!("{text}{}", byte as char))).collect();
        for text in &texts {
            let whole = Cursor::new(text);
            assert!(whole.clone().elements().take(10).count() < 10, "{text}");
            assert!(whole.members().take(10).count() < 10, "{text}");
        }
    }
}

#[test]
fn a_text_of_any_length_ends_at_its_quote() {
    for length in 0..40 {
        for (filling, escape) in [("a", ""), ("é", ""), ("#", r#"\""#), ("!", r"\\"), ("]", r"\u0022")] {
            for before in [0, length / 2, length] {
                let plain = format!("{}{escape}{}", filling.repeat(before), filling.repeat(length - before));
                let text = format!(r#""{plain}",7"#);
                let mut cursor = Cursor::new(&text);
                let expected: String = serde_json::from_str(&format!("\"{plain}\"")).unwrap();
                assert_eq!(&*cursor.text(), expected.as_bytes());
                assert!(cursor.next_element() && cursor.number() == Some(7.0), "{text}");
            }
        }
    }
}

/// What serde_json makes of it, from a walk over it.
fn walked(cursor: &mut Cursor) -> Value {
    match cursor.kind() {
        JsonKind::Object => {
            if cursor.skip_empty() {
                return json!({});
            }
            cursor.enter();
            let mut members = serde_json::Map::new();
            while let Some(key) = cursor.next_member() {
                members.insert(String::from_utf8(key.into_owned()).unwrap(), walked(cursor));
            }
            members.into()
        }
        JsonKind::Array => {
            cursor.enter();
            let mut elements = Vec::new();
            while cursor.next_element() {
                let (mut skipped, start) = (cursor.clone(), cursor.position());
                elements.push(walked(cursor));
                skipped.skip();
                assert_eq!(skipped.position(), cursor.position(), "{}", cursor.between(start, start + 50));
            }
            elements.into()
        }
        JsonKind::Number => match cursor.clone().digits(9) {
            Some(digits) => {
                assert_eq!(cursor.number().map(|number| number.to_string()).as_deref(), Some(digits));
                digits.parse::<u64>().unwrap().into()
            }
            None => serde_json::from_str(cursor.raw()).unwrap(),
        },
        JsonKind::Text => String::from_utf8(cursor.text().into_owned()).unwrap().into(),
        JsonKind::True | JsonKind::False | JsonKind::Null => serde_json::from_str(cursor.raw()).unwrap(),
    }
}

fn random_value(random: &mut fastrand::Rng, depth: u32) -> Value {
    let length = if random.bool() { random.usize(0..4) } else { random.usize(5..40) };
    let mut text = || -> String {
        let characters =
            ['a', 'b', '1', ' ', '"', '\\', '{', '}', '[', ']', ',', ':', 'é', '\u{1F600}', '\n'];
        let plain = random.bool();
        (0..length).map(|_| if plain { 'k' } else { *random.choice(&characters).unwrap() }).collect()
    };
    let text = text();
    match random.u32(0..if depth > 5 { 5 } else { 8 }) {
        0 => text.into(),
        1 => random.bool().into(),
        2 => Value::Null,
        3 => (random.u64(..) >> random.u32(0..64)).into(),
        4 => random.choice([json!(-1), json!(0), json!(0.5), json!(-1e30), json!(10)]).unwrap(),
        5 => (0..random.usize(0..5)).map(|_| random_value(random, depth + 1)).collect::<Vec<_>>().into(),
        _ => {
            let mut members = serde_json::Map::new();
            for number in 0..random.usize(0..5) {
                members.insert(format!("{text}{number}"), random_value(random, depth + 1));
            }
            members.into()
        }
    }
}

/// With white space and without: there are shorter ways for what stands as a recorder writes it.
#[test]
fn sees_what_serde_json_sees() {
    let mut random = fastrand::Rng::with_seed(15);
    for _ in 0..3_000 {
        let value = random_value(&mut random, 0);
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let mut cursor = Cursor::new(&text);
            assert_eq!(walked(&mut cursor), value, "{text}");
            assert_eq!(cursor.rest(), "", "{text}");
        }
    }
}
