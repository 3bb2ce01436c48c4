//! That the one walk takes what recorders write, and nothing that is not taken member by member.

use super::*;

fn of_recordings() -> Vec<String> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recordings");
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    texts
        .flat_map(|file| {
            std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

fn whole(event: &WireEvent) -> String {
    event.to_json()
}

/// Both ways agree; whether the one walk took it.
fn is_taken(text: &str) -> bool {
    let (at_once, in_any_form) = (read(text, None).map(|(event, _)| event), WireEvent::parse_any_form(text));
    if let Some(event) = &at_once {
        let other = in_any_form.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!((whole(event), event.type_number), (whole(&other), other.type_number), "{text}");
    }
    at_once.is_some()
}

#[test]
fn what_was_recorded_is_read_at_once() {
    for text in of_recordings() {
        assert!(is_taken(&text), "{text}");
    }
}

#[test]
fn what_is_no_json_is_not_taken() {
    let event = |data: &str| format!(r#"{{"type":3,"data":{{"source":0,"a":{data}}},"timestamp":1}}"#);
    for good in [
        "1",
        "-0",
        "-1.5e+30",
        "0.5E1",
        "\"\\u12aF\\n\"",
        "[ ]",
        "[1 ,2]",
        "{ \"a\" : 1 , \"b\":[] }",
        "null",
        "[true,false]",
        "\"0123456789abcdef0123\"",
    ] {
        assert!(is_taken(&event(good)), "{good}");
        assert!(is_taken(&event(&format!("[{good}]"))), "{good}");
        assert!(is_taken(&event(&format!("{{\"b\":{good},\"c\":{good}}}"))), "{good}");
    }
    for bad in [
        "",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "1-",
        "1\"a\"",
        "nul",
        "nulll",
        "tru",
        "True",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\tb\"",
        "\"0123456789abcdef0123\t\"",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1:2]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\" 1}",
        "{\"a\",1}",
        "{\"a\":1:\"b\":2}",
        "{a:1}",
        "{1:1}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "{\"\t\":1}",
        "\u{0}",
        "\u{a0}1",
    ] {
        for data in [bad.to_owned(), format!("[{bad}]"), format!("[[{bad}]]"), format!("{{\"b\":{bad}}}")] {
            if data != "[]" && data != "[[]]" {
                assert!(!is_taken(&event(&data)), "{data}");
            }
        }
    }
    for bad in [
        "",
        " ",
        "{",
        "}",
        "{}{}",
        "[]",
        "1",
        "{\"type\":3",
        "{\"type\":0,\"timestamp\":1}x",
        "{\"type\":0 \"timestamp\":1}",
    ] {
        assert!(!is_taken(bad), "{bad}");
    }
}

/// Bytes of events replaced, taken out, doubled and put elsewhere, at places at random.
#[test]
fn takes_no_changed_event_that_is_refused_member_by_member() {
    let mut random = fastrand::Rng::with_seed(20);
    let mut texts = of_recordings();
    texts.retain(|text| text.len() < 50_000);
    let bytes = b"{}[]\",:\\ \t019-+.eEuntfasource";
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..30_000 {
        let mut text = random.choice(&texts).unwrap().clone().into_bytes();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..text.len());
            match random.u8(0..4) {
                0 => text[at] = *random.choice(bytes).unwrap(),
                1 => _ = text.remove(at),
                2 => text.insert(at, *random.choice(bytes).unwrap()),
                _ => {
                    let end = (at + random.usize(1..30)).min(text.len());
                    let (part, to) = (text[at..end].to_vec(), random.usize(..text.len()));
                    text.splice(to..to, part);
                }
            }
        }
        if let Ok(text) = str::from_utf8(&text) {
            if is_taken(text) { taken += 1 } else { refused += 1 }
        }
    }
    assert!(taken > 3_000 && refused > 3_000, "{taken} taken, {refused} refused");
}

#[test]
fn what_recorders_do_not_write_is_read_member_by_member() {
    let deep = format!("{}1{}", "[".repeat(128), "]".repeat(128));
    for (text, at_once) in [
        (r#" { "timestamp" : 1 , "data" : { "source" : 3 } , "type" : 3 } "#.to_owned(), true),
        (r#"{"type":3,"timestamp":1,"data":{"source":3},"delay":5,"other":[1]}"#.to_owned(), true),
        (r#"{"\u0074ype":0,"timestamp":1}"#.to_owned(), false),
        (r#"{"type":0,"type":1,"timestamp":1}"#.to_owned(), false),
        (r#"{"type":3,"data":{},"data":{"source":3},"timestamp":1}"#.to_owned(), false),
        (format!(r#"{{"type":0,"timestamp":1,"data":{deep}}}"#), false),
        (format!(r#"{{"type":0,"timestamp":1,"data":{}}}"#, &deep[1..256]), true),
    ] {
        assert_eq!(is_taken(&text), at_once, "{text}");
        assert!(WireEvent::parse(text.as_bytes()).is_ok(), "{text}");
    }
}
