//! What a walk over JSON sees, and that it ends.

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
