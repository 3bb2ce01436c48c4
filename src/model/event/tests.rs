//! What is an event, and how it travels.

use super::*;

fn wire(json: &str) -> Result<String, InvalidEvent> {
    let event = WireEvent::parse(json.as_bytes())?;
    let out: String = event.to_json();
    assert_eq!(event.wire_len(), out.len());
    Ok(out)
}

#[test]
fn puts_the_keys_in_order_and_drops_the_others() {
    assert_eq!(
        wire(r#" {"data":{"b":1,"a":[ 2 ]} ,"extra":[{}],"timestamp":5,"delay":1,"type":5 } "#).unwrap(),
        r#"{"type":5,"timestamp":5,"delay":1,"data":{"b":1,"a":[ 2 ]}}"#
    );
    assert_eq!(wire(r#"{"type":0,"timestamp":1}"#).unwrap(), r#"{"type":0,"timestamp":1}"#);
}

#[test]
fn carries_values_byte_for_byte() {
    for data in [
        r#""\ud800 lone \udfff""#,
        r#""\u0041\/\b""#,
        "[1e999,-0.0,123456789012345678901234567890.10,1E+2]",
        r#"{"a":1,"a":2,"\ud800":null}"#,
        "\"é\u{1F600}\u{2028}\"",
        "null",
    ] {
        let expected =
            format!(r#"{{"type":3,"timestamp":1732300000000.25,"data":{{"source":99,"a":{data}}}}}"#);
        assert_eq!(wire(&expected).unwrap(), expected);
        let expected = format!(r#"{{"type":9,"timestamp":1732300000000.25,"data":{data}}}"#);
        assert_eq!(wire(&expected).unwrap(), expected);
    }
}

#[test]
fn takes_a_dom_nested_a_hundred_thousand_levels_deep() {
    let deep = format!(r#"{}{}"#, r#"{"type":2,"childNodes":["#.repeat(100_000), "]}".repeat(100_000));
    let event = format!(r#"{{"type":2,"timestamp":1,"data":{{"node":{deep}}}}}"#);
    assert_eq!(wire(&event).unwrap(), event);
    let nested = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(wire(&format!(r#"{{"other":{nested},"type":0,"timestamp":1}}"#)).is_ok());
}

#[test]
fn reads_escaped_and_unreadable_keys() {
    assert_eq!(wire(r#"{"\u0074ype":1,"\ud800":1,"timestamp":2}"#).unwrap(), r#"{"type":1,"timestamp":2}"#);
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    assert_eq!(wire(r#"{"type":3,"timestamp":2,"type":1}"#).unwrap(), r#"{"type":1,"timestamp":2}"#);
}

#[test]
fn refuses_what_is_not_an_event() {
    for json in [
        "",
        "1",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}",
        "{]}",
        "{\"type\":9,\"timestamp\":2,}",
        "{\"type\":9,\"timestamp\":2}{}",
        "{\"type\":9,\"timestamp\":2}x",
        "{\"type\":\"9\",\"timestamp\":2}",
        "{\"type\":9}",
        "{\"type\":9,\"timestamp\":null}",
        "{\"type\":09,\"timestamp\":2}",
        "{\"type\":9,\"timestamp\":2,\"data\":\"\u{1}\"}",
        "{\"type\":9,\"timestamp\":2,\"data\":\"\\x\"}",
        "{\"type\":9,\"timestamp\":2,\"data\":+1}",
        "{\"type\":9,\"timestamp\":2,\"data\":NaN}",
        "{\"type\":9,\"timestamp\":2,\"data\":'x'}",
    ] {
        assert!(wire(json).is_err(), "{json}");
    }
    assert!(wire("{\"type\":9,\"timestamp\":2,\"data\":1}").is_ok());
    let not_utf8 = b"{\"type\":9,\"timestamp\":2,\"data\":\"\xff\"}";
    assert!(WireEvent::parse(not_utf8).is_err());
    let not_utf8_elsewhere = b"{\"type\":9,\"timestamp\":2,\"other\":\"\xff\"}";
    assert!(WireEvent::parse(not_utf8_elsewhere).is_err());
}

#[test]
fn refuses_what_no_player_can_play_and_names_the_place() {
    for (json, said) in [
        (r#"{"type":3,"timestamp":1}"#, "\"data\" must be an object"),
        (r#"{"data":{"source":"1"},"type":3,"timestamp":1}"#, "\"data.source\" must be a number"),
        (r#"{"type":0,"timestamp":1e400}"#, "\"timestamp\" must be a finite number"),
        (r#"{"type":0,"timestamp":-1e400}"#, "\"timestamp\" must be a finite number"),
    ] {
        let error = wire(json).unwrap_err().to_string();
        assert_eq!(error, format!("not one that a player can play: {said}"), "{json}");
    }
    assert!(wire(r#"{"type":1e400,"timestamp":1}"#).is_ok(), "an unknown type is passed over");
}

#[test]
fn takes_every_event_of_the_recordings() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recordings");
    let mut events = 0;
    for file in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "jsonl") {
            for line in std::fs::read_to_string(&file).unwrap().lines() {
                WireEvent::parse(line.as_bytes())
                    .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                events += 1;
            }
        }
    }
    assert!(events > 700, "{events}");
}

#[test]
fn knows_the_type_wherever_it_stands() {
    assert_eq!(kind_of(br#"{"type":2,"data":"#), Some(FULL_SNAPSHOT));
    assert_eq!(kind_of(br#"{"type":2}"#), Some(FULL_SNAPSHOT));
    assert_eq!(kind_of(br#"{"type":2.5,"data":"#), Some(2.5));
    assert_eq!(kind_of(br#"{"type":20,"data":"#), Some(20.0));
    assert_eq!(kind_of(br#"{"type":2e1,"data":"#), Some(20.0));
    assert_eq!(kind_of(br#"{"data":{"type":3},"type":2}"#), Some(FULL_SNAPSHOT));
    assert_eq!(kind_of(br#"{"data":{"type":2}}"#), None);
    assert_eq!(kind_of(br#"{"type":"2"}"#), None);
    assert_eq!(kind_of(b"nonsense"), None);
}

#[test]
fn trims_the_white_space_of_json_only() {
    assert_eq!(trim(b" \t\r\n{} \n"), b"{}");
    assert_eq!(trim(b" \n"), b"");
    assert_eq!(trim(b"\x0b{}"), b"\x0b{}");
}
