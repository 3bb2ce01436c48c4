//! Events of pages, and what travels in their place.

use super::*;

/// The second view, whose page is at its document of number 3.
const MARK: Marked = page_since("0");

const fn page_since(not_before: &str) -> Marked<'_> {
    Marked::Page { view: 2, document: 3, not_before }
}

fn rewritten(event: &str) -> Vec<String> {
    travelling(&MARK, event.as_bytes()).unwrap_or_else(|error| panic!("{event}: {error}"));
    let event = WireEvent::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{event}: {error}"));
    let mut scratch = Scratch::default();
    let rewritten = rewrite(&MARK, &event, None, &mut scratch);
    for it in rewritten.iter().flatten() {
        let text: String = it.as_event(&event, &MARK).to_json();
        WireEvent::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    let data = |it| match it {
        Rewritten::Incremental(data) => data.into_owned(),
        other => panic!("{other:?}"),
    };
    rewritten.into_iter().flatten().map(data).collect()
}

fn shifted(document: DocumentIds, data: &str) -> String {
    let mut scratch = Scratch::default();
    shift::data(ViewIds(2), document, &mut Cursor::new(data), &mut scratch);
    scratch.text
}

fn incremental(data: &str) -> Vec<String> {
    rewritten(&format!(r#"{{"type":3,"timestamp":1,"data":{data}}}"#))
}

#[test]
fn every_place_of_an_id_is_shifted_and_nothing_else() {
    let rows = [
        // A mutation.
        (
            r#"{"source":0,"texts":[{"id":5,"value":"id\":5"}],"attributes":[{"id":6,"attributes":{"id":"7","style":{"id":8}}}],"removes":[{"parentId":9,"id":10,"isShadow":true}],"adds":[{"parentId":11,"nextId":null,"previousId":12,"node":{"type":2,"tagName":"p","attributes":{"id":"1","data":2},"childNodes":[{"type":3,"textContent":"5","id":14,"rootId":3}],"id":13,"rootId":3}}]}"#,
            r#"{"source":0,"texts":[{"id":3000000005,"value":"id\":5"}],"attributes":[{"id":3000000006,"attributes":{"id":"7","style":{"id":8}}}],"removes":[{"parentId":3000000009,"id":3000000010,"isShadow":true}],"adds":[{"parentId":3000000011,"nextId":null,"previousId":3000000012,"node":{"type":2,"tagName":"p","attributes":{"id":"1","data":2},"childNodes":[{"type":3,"textContent":"5","id":3000000014,"rootId":3000000003}],"id":3000000013,"rootId":3000000003}}]}"#,
        ),
        // Pointer: -1 is no node, places are no ids.
        (
            r#"{"source":1,"positions":[{"x":5,"y":6,"id":7,"timeOffset":-1},{"x":1,"y":1,"id":-1,"timeOffset":0}]}"#,
            r#"{"source":1,"positions":[{"x":5,"y":6,"id":3000000007,"timeOffset":-1},{"x":1,"y":1,"id":-1,"timeOffset":0}]}"#,
        ),
        (
            r#"{ "source":2, "type":2, "id":1e1, "x":3 }"#,
            r#"{ "source":2, "type":2, "id":3000000010, "x":3 }"#,
        ),
        (r#"{"source":3,"id":4,"x":0,"y":100}"#, r#"{"source":3,"id":3000000004,"x":0,"y":100}"#),
        (
            r#"{"source":5,"text":"1","isChecked":false,"id":9}"#,
            r#"{"source":5,"text":"1","isChecked":false,"id":3000000009}"#,
        ),
        // Style sheets.
        (
            r#"{"source":8,"id":4,"styleId":5,"adds":[{"rule":"a{}","index":[0,1]}]}"#,
            r#"{"source":8,"id":3000000004,"styleId":3000000005,"adds":[{"rule":"a{}","index":[0,1]}]}"#,
        ),
        (
            r#"{"source":15,"id":4,"styleIds":[5,6],"styles":[{"styleId":5,"rules":[{"rule":"a{}","index":0}]}]}"#,
            r#"{"source":15,"id":3000000004,"styleIds":[3000000005,3000000006],"styles":[{"styleId":3000000005,"rules":[{"rule":"a{}","index":0}]}]}"#,
        ),
        // A selection.
        (
            r#"{"source":14,"ranges":[{"start":5,"startOffset":1,"end":6,"endOffset":2}]}"#,
            r#"{"source":14,"ranges":[{"start":3000000005,"startOffset":1,"end":3000000006,"endOffset":2}]}"#,
        ),
    ];
    for (data, expected) in rows {
        assert_eq!(incremental(data), [expected], "{data}");
    }
}

#[test]
fn a_full_snapshot_goes_into_the_views_frame() {
    let document = |offset: &str| {
        rewritten(&format!(
            r#"{{"type":2,"timestamp":1,"data":{{"node":{{"type":0,"childNodes":[{{"type":2,"tagName":"html","attributes":{{}},"childNodes":[],"id":2}}],"id":1}}{offset}}}}}"#
        ))
    };
    let attached = r#"{"source":0,"texts":[],"attributes":[],"removes":[],"adds":[{"parentId":1024,"nextId":null,"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","attributes":{},"childNodes":[],"id":3000000002}],"id":3000000001}}],"isAttachIframe":true}"#;
    assert_eq!(ViewIds(2).frame(), 1024);
    assert_eq!(document(r#","initialOffset":{"left":0,"top":0}"#), [attached]);
    assert_eq!(
        document(r#","initialOffset":{"left":0,"top":40}"#),
        [attached, r#"{"source":3,"id":3000000001,"x":0,"y":40}"#]
    );
    assert_eq!(document(""), [attached]);
    assert_eq!(document(r#","initialOffset":{"left":0,"top":1e999}"#), [attached], "no number of JSON's");
}

#[test]
fn no_event_of_a_page_is_before_its_frame() {
    let event = br#"{"type":3,"timestamp":1732300000000.5,"data":{"source":3,"id":4,"x":0,"y":1}}"#;
    for (not_before, expected) in
        [("0", "1732300000000.5"), ("1732300000000", "1732300000000.5"), ("1732300000001", "1732300000001")]
    {
        let text = travelling(&page_since(not_before), event).unwrap().concat();
        assert!(text.contains(&format!(r#""timestamp":{expected},"#)), "{text}");
    }
}

#[test]
fn the_scenes_full_snapshot_travels_behind_its_meta_event() {
    let text = br#"{"type":2,"timestamp":7,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","attributes":{},"childNodes":[],"id":2}],"id":1},"initialOffset":{"left":0,"top":0}}}"#;
    let event = WireEvent::parse(text).unwrap();
    let mark = Marked::Scene { width: 1280, height: 800 };
    let events: Vec<String> = rewrite(&mark, &event, None, &mut Scratch::default())
        .iter()
        .flatten()
        .map(|it| it.as_event(&event, &mark).to_json())
        .collect();
    let meta = r#"{"type":4,"timestamp":7,"data":{"href":"app://scene","width":1280,"height":800}}"#;
    assert_eq!(events, [meta, str::from_utf8(text).unwrap()]);
}

#[test]
fn the_pages_size_is_the_frames() {
    let expected = r#"{"source":0,"texts":[],"removes":[],"adds":[],"attributes":[{"id":1024,"attributes":{"width":"900","height":"560.5"}}]}"#;
    assert_eq!(incremental(r#"{"source":4,"width":900,"height":560.5}"#), [expected]);
    let meta = r#"{"type":4,"timestamp":1,"data":{"href":"https://a","width":900,"height":560.5}}"#;
    assert_eq!(rewritten(meta), [expected]);
}

#[test]
fn what_has_no_ids_travels_as_it_is() {
    let custom = r#"{"type":5,"timestamp":1,"data":{"tag":"a","payload":{"id":1}}}"#;
    assert!(rewritten(custom).is_empty());
    for (event_type, needed) in
        [(0.0, false), (1.0, false), (2.0, true), (3.0, true), (4.0, true), (5.0, true)]
    {
        assert_eq!(is_needed(event_type), needed, "{event_type}");
    }
}

#[test]
fn an_id_of_any_length_and_form_is_a_number_of_the_document() {
    for (id, expected) in [
        ("1", "3000000001"),
        ("99999999", "3099999999"),
        ("100000000", "3100000000"),
        ("499999998", "3499999998"),
        ("1e1", "3000000010"),
        ("7.0", "3000000007"),
        ("-1", "-1"),
        ("-1.0", "-1.0"),
        ("null", "null"),
    ] {
        let data = |id| format!(r#"{{"source":3,"id":{id}}}"#);
        assert_eq!(shifted(DocumentIds(3), &data(id)), data(expected));
    }
    assert_eq!(shifted(DocumentIds(0), r#"{"id":7}"#), r#"{"id":7}"#, "no leading zeros");
    assert_eq!(shifted(DocumentIds::NONE, r#"{"id":7}"#), r#"{"id":9000001000000007}"#);
}

/// A page must not name what is another's: a node of another page's document, of a native view, of the scene itself, or one
/// that a player numbers below -1.
#[test]
fn what_is_no_id_of_the_documents_is_no_node_of_it_in_every_place() {
    let places = [
        r#"{"source":0,"texts":[{"id":?,"value":"x"}]}"#,
        r#"{"source":0,"attributes":[{"id":?,"attributes":{}}]}"#,
        r#"{"source":0,"removes":[{"parentId":1,"id":?}]}"#,
        r#"{"source":0,"removes":[{"parentId":?,"id":1}]}"#,
        r#"{"source":0,"adds":[{"parentId":?,"nextId":null,"node":{"type":3,"id":5}}]}"#,
        r#"{"source":0,"adds":[{"parentId":1,"nextId":?,"node":{"type":3,"id":5}}]}"#,
        r#"{"source":0,"adds":[{"parentId":1,"previousId":?,"node":{"type":3,"id":5}}]}"#,
        r#"{"source":0,"adds":[{"parentId":1,"node":{"type":3,"id":?}}]}"#,
        r#"{"source":0,"adds":[{"parentId":1,"node":{"type":3,"id":5,"rootId":?}}]}"#,
        r#"{"source":0,"adds":[{"parentId":1,"node":{"id":5,"childNodes":[{"childNodes":[{"id":?}]}]}}]}"#,
        r#"{"source":1,"positions":[{"x":1,"y":2,"id":?,"timeOffset":0}]}"#,
        r#"{"source":2,"type":2,"id":?,"x":3,"y":4}"#,
        r#"{"source":3,"id":?,"x":0,"y":1}"#,
        r#"{"source":8,"styleId":?,"adds":[{"rule":"a{}"}]}"#,
        r#"{"source":9,"id":?,"type":0,"commands":[{"property":"fill","args":[4]}]}"#,
        r#"{"source":13,"styleId":?,"index":[0]}"#,
        r#"{"source":14,"ranges":[{"start":?,"startOffset":0,"end":1,"endOffset":0}]}"#,
        r#"{"source":14,"ranges":[{"start":1,"startOffset":0,"end":?,"endOffset":0}]}"#,
        r#"{"source":15,"id":?,"styleIds":[5]}"#,
        r#"{"source":15,"id":1,"styleIds":[5,?]}"#,
        r#"{"source":15,"id":1,"styles":[{"styleId":?,"rules":[]}]}"#,
    ];
    let ids = [
        "499999999",
        "500000000",
        "999999999",
        "1000000000",
        "1000000005",
        "2999999999",
        "123456789012345",
        "1000000000000000",
        "9007199254740993",
        "18446744073709551623",
        "1e9",
        "1e400",
        "0",
        "-0",
        "-2",
        "-7",
        "-1999999995",
        "-1.5",
        "7.5",
        "0.1",
        "\"1000000005\"",
        "\"7\"",
        "true",
        "[7]",
        "{\"id\":7}",
    ];
    for place in places {
        for id in ids {
            let expected =
                shifted(DocumentIds(3), &place.replace('?', "499999998")).replace("3499999998", "3499999999");
            assert_eq!(expected.matches("3499999999").count(), 1, "{place}");
            assert_eq!(shifted(DocumentIds(3), &place.replace('?', id)), expected, "{id} in {place}");
        }
    }
}

/// To a player, a node's own id of -1 is one like any other, and all documents would share it.
#[test]
fn minus_one_names_no_node_and_is_none() {
    for (data, expected) in [
        (
            r#"{"source":0,"adds":[{"parentId":-1,"nextId":-1,"previousId":-1,"node":{"id":-1,"rootId":-1}}]}"#,
            r#"{"source":0,"adds":[{"parentId":-1,"nextId":-1,"previousId":-1,"node":{"id":3499999999,"rootId":3499999999}}]}"#,
        ),
        (
            r#"{"source":15,"id":-1,"styleIds":[-1],"styles":[{"styleId":-1,"rules":[]}]}"#,
            r#"{"source":15,"id":-1,"styleIds":[3499999999],"styles":[{"styleId":3499999999,"rules":[]}]}"#,
        ),
        (r#"{"source":8,"id":-1,"styleId":-1}"#, r#"{"source":8,"id":-1,"styleId":3499999999}"#),
        (
            r#"{"source":14,"ranges":[{"start":-1,"end":-1}]}"#,
            r#"{"source":14,"ranges":[{"start":-1,"end":-1}]}"#,
        ),
    ] {
        assert_eq!(shifted(DocumentIds(3), data), expected);
    }
}

#[test]
fn no_id_of_a_full_snapshot_is_of_another_document() {
    let snapshot = r#"{"type":2,"timestamp":1,"data":{"node":{"type":0,"childNodes":[{"type":2,"childNodes":[],"id":-3,"rootId":2000000000}],"id":1000000001},"initialOffset":{"left":0,"top":9}}}"#;
    let attached = r#"{"source":0,"texts":[],"attributes":[],"removes":[],"adds":[{"parentId":1024,"nextId":null,"node":{"type":0,"childNodes":[{"type":2,"childNodes":[],"id":3499999999,"rootId":3499999999}],"id":3499999999}}],"isAttachIframe":true}"#;
    let scroll = r#"{"source":3,"id":3499999999,"x":0,"y":9}"#;
    assert_eq!(rewritten(snapshot), [attached, scroll]);
}

/// To a player a document that is added to anything but an iframe is the one that it plays in, and all views are in that.
#[test]
fn a_document_that_a_page_adds_has_a_root_of_its_own() {
    let root = r#"{"parentId":1024,"nextId":null,"node":{"type":5,"textContent":"","id":3500000000}}"#;
    let text = r#"{"parentId":3000000004,"nextId":null,"node":{"type":3,"textContent":"a","id":3000000009}}"#;
    for (node, expected) in [
        (
            r#"{"type":0,"childNodes":[],"id":7}"#,
            r#"{"type":0,"childNodes":[],"id":3000000007,"rootId":3500000000}"#,
        ),
        (
            r#"{"rootId":null,"id":7,"type":-0.0 }"#,
            r#"{"rootId":null,"id":3000000007,"type":-0.0 ,"rootId":3500000000}"#,
        ),
        (
            r#"{"type":2,"id":7,"t\u0079pe":0}"#,
            r#"{"type":2,"id":3000000007,"t\u0079pe":0,"rootId":3500000000}"#,
        ),
        (
            r#"{"type":0,"childNodes":[{"type":2,"childNodes":[],"id":8}],"id":7}"#,
            r#"{"type":0,"childNodes":[{"type":2,"childNodes":[],"id":3000000008}],"id":3000000007,"rootId":3500000000}"#,
        ),
    ] {
        let add =
            |parent: &str, node: &str| format!(r#"{{"parentId":{parent},"nextId":null,"node":{node}}}"#);
        let data = |adds: &str| format!(r#"{{"source":0,"adds":[{adds}]}}"#);
        let of_page = format!("{},{}", text.replace("300000000", ""), add("4", node));
        let expected = format!("{root},{text},{}", add("3000000004", expected));
        assert_eq!(incremental(&data(&of_page)), [data(&expected)], "{node}");
    }
    for node in [
        r#"{"type":2,"childNodes":[{"type":0,"childNodes":[]}]}"#,
        r#"{"type":0,"type":3}"#,
        r#"{"type":"0"}"#,
        r#"{"type":null}"#,
        r#"{}"#,
    ] {
        let data = format!(r#"{{"source":0,"adds":[{{"node":{{"type":2}}}},{{"node":{node}}}]}}"#);
        assert_eq!(incremental(&data), [&*data], "a player makes no document of it");
    }
}

#[test]
fn of_two_sources_the_last_counts() {
    let size = r#"{"source":0,"texts":[],"removes":[],"adds":[],"attributes":[{"id":1024,"attributes":{"width":"9","height":"8"}}]}"#;
    assert_eq!(incremental(r#"{"source":3,"width":9,"height":8,"id":1,"s\u006furce":4}"#), [size]);
    let scroll = r#"{"source":4,"width":9,"height":8,"id":3000000001,"x":1,"y":1,"source":3}"#;
    assert_eq!(incremental(&scroll.replace("3000000001", "1")), [scroll]);
}

#[test]
fn nesting_costs_no_stack() {
    let depth = 100_000;
    let open = r#"{"type":2,"tagName":"b","attributes":{},"id":7,"childNodes":["#.repeat(depth);
    let deep = format!(r#"{open}{}"#, "]}".repeat(depth));
    let mut scratch = Scratch::default();
    assert_eq!(shift::node(DocumentIds(3), &mut Cursor::new(&deep), &mut scratch), Some(7.0));
    let shifted = scratch.text;
    assert_eq!(shifted.matches(r#""id":3000000007"#).count(), depth);
    assert_eq!(shifted.replace("3000000007", "7"), deep);
}

/// As `fuzz/fuzz_targets/view_page.rs`, for a moment.
#[test]
fn what_travels_of_a_damaged_event_is_an_event() {
    let recording = include_str!("../../../tests/fixtures/recordings/form-unicode.jsonl");
    let events: Vec<&str> = recording.lines().collect();
    let mut random = fastrand::Rng::with_seed(3);
    let mut rewritten = 0;
    for _ in 0..4_000 {
        let mut bytes = events[random.usize(0..events.len())].as_bytes().to_vec();
        for _ in 0..random.usize(0..3) {
            let at = random.usize(0..bytes.len());
            bytes[at] = *random.choice(br#"{}[]",:0123456789-.eE\ntf "#).unwrap();
        }
        for text in travelling(&page_since("5"), &bytes).into_iter().flatten() {
            WireEvent::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            rewritten += 1;
        }
    }
    assert!(rewritten > 1_000, "{rewritten}");
}
