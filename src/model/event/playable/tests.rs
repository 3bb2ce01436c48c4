//! What a player can play, row by row.

use super::*;

fn fault(kind: f64, data: &str) -> String {
    check(kind, Some(data)).err().map_or_else(String::new, |fault| fault.path.into_owned())
}

fn snapshot(node: &str) -> String {
    format!(r#"{{"node":{node},"initialOffset":{{"left":0,"top":0}}}}"#)
}

/// A page whose body holds this node.
fn body(node: &str) -> String {
    snapshot(&format!(
        r#"{{"type":0,"childNodes":[{{"type":1,"name":"html","id":2}},{{"type":2,"tagName":"html","attributes":{{}},"childNodes":[{{"type":2,"tagName":"body","attributes":{{}},"childNodes":[{{"type":3,"textContent":"a","id":5}},{node}],"id":4}}],"id":3}}],"id":1}}"#
    ))
}

const IN_BODY: &str = "data.node.childNodes[1].childNodes[0].childNodes[1]";

// Each row was tried with the Replayer of rrweb 2.0.1 in Chromium: what is refused here made it throw or stand
// still, what passes did not.

#[test]
fn events_of_types_2_to_6_have_an_object_of_data() {
    for kind in [2.0, 3.0, 4.0, 5.0, 6.0] {
        assert_eq!(check(kind, None), Err(Fault::new("data", AN_OBJECT)));
        for data in ["null", "1", "\"{}\"", "[]", "true"] {
            assert_eq!(fault(kind, data), "data", "{kind} {data}");
        }
    }
    for kind in [0.0, 1.0, 7.0, -1.0, 2.5, f64::INFINITY] {
        assert_eq!(check(kind, None), Ok(()), "{kind}");
        assert_eq!(fault(kind, "null"), "", "{kind}");
    }
    assert_eq!(fault(5.0, r#"{"tag":7}"#), "");
    assert_eq!(fault(6.0, "{}"), "");
}

#[test]
fn a_meta_event_has_a_size() {
    for (data, path) in [
        (r#"{"href":"x","width":1,"height":2.5}"#, ""),
        (r#"{"height":2,"width":1}"#, ""),
        ("{}", "data.width"),
        (r#"{"width":1}"#, "data.height"),
        (r#"{"width":"1","height":2}"#, "data.width"),
        (r#"{"width":1,"height":null}"#, "data.height"),
    ] {
        assert_eq!(fault(4.0, data), path, "{data}");
    }
}

#[test]
fn an_incremental_snapshot_has_what_its_source_needs() {
    for (data, path) in [
        ("{}", "data.source"),
        (r#"{"source":null}"#, "data.source"),
        (r#"{"source":"1"}"#, "data.source"),
        (r#"{"source":99}"#, ""),
        (r#"{"source":1.5}"#, ""),
        (r#"{"source":-1}"#, ""),
        // What of a mutation can't be applied, the player warns of.
        (r#"{"source":0}"#, ""),
        (r#"{"source":0,"adds":[null],"removes":{},"texts":1}"#, ""),
        (r#"{"source":1}"#, "data.positions"),
        (r#"{"source":1,"positions":[]}"#, "data.positions"),
        (r#"{"source":1,"positions":{}}"#, "data.positions"),
        (r#"{"source":1,"positions":[{"x":1,"y":1,"id":6,"timeOffset":-5}]}"#, ""),
        (r#"{"positions":[{"timeOffset":0}],"source":1}"#, ""),
        (r#"{"positions":[{"timeOffset":0},null],"source":1}"#, "data.positions[1]"),
        (r#"{"positions":[1],"source":1}"#, "data.positions[0]"),
        (r#"{"source":6,"positions":[{"x":1,"timeOffset":"0"}]}"#, "data.positions[0].timeOffset"),
        (r#"{"source":12,"positions":[{"x":1}]}"#, "data.positions[0].timeOffset"),
        (r#"{"source":2,"type":2,"id":6,"x":1,"y":1}"#, ""),
        (r#"{"source":2,"type":10}"#, ""),
        (r#"{"source":2,"id":6}"#, "data.type"),
        (r#"{"source":2,"id":-1}"#, ""),
        (r#"{"source":2,"id":6,"type":11}"#, "data.type"),
        (r#"{"source":2,"id":6,"type":"Click"}"#, "data.type"),
        (r#"{"source":3}"#, ""),
        (r#"{"source":4}"#, ""),
        (r#"{"source":5,"id":8,"text":{}}"#, ""),
        (r#"{"source":7}"#, ""),
        (r#"{"source":8,"id":1}"#, ""),
        (r#"{"source":8,"id":1,"adds":[{"rule":"a{}"}],"removes":[{"index":0}]}"#, ""),
        (r#"{"source":8,"id":1,"adds":null,"removes":null}"#, ""),
        (r#"{"source":8,"id":1,"adds":{}}"#, "data.adds"),
        (r#"{"source":8,"id":1,"adds":[{},null]}"#, "data.adds[1]"),
        (r#"{"source":8,"id":1,"removes":"x"}"#, "data.removes"),
        (r#"{"removes":[null],"source":8}"#, "data.removes[0]"),
        (r#"{"source":9}"#, ""),
        (r#"{"source":10}"#, ""),
        (r#"{"source":11}"#, ""),
        (r#"{"source":13,"id":1}"#, ""),
        (r#"{"source":13,"id":1,"set":{"property":"a"},"index":[0]}"#, ""),
        (r#"{"source":13,"id":1,"set":{"property":"a"}}"#, "data.index"),
        (r#"{"source":13,"id":1,"remove":{"property":"a"},"index":null}"#, "data.index"),
        (r#"{"source":13,"id":1,"set":null}"#, ""),
        (r#"{"source":14}"#, ""),
        (r#"{"source":15,"id":1,"styleIds":[]}"#, ""),
        (r#"{"source":15,"id":1}"#, "data.styleIds"),
        (r#"{"source":15,"id":1,"styleIds":"a"}"#, "data.styleIds"),
        (r#"{"source":15,"id":1,"styleIds":[],"styles":{}}"#, "data.styles"),
        (r#"{"source":15,"id":1,"styleIds":[],"styles":null}"#, ""),
        (r#"{"source":16}"#, ""),
    ] {
        assert_eq!(fault(3.0, data), path, "{data}");
    }
}

#[test]
fn what_needs_nothing_but_its_source_plays_whatever_is_in_it() {
    let whatever = r#""positions":1,"type":{},"adds":[null],"removes":{},"styleIds":5,"styles":"x","set":{},"index":null"#;
    for source in -1..30 {
        let faults = ["", whatever].map(|rest| {
            let rest = if rest.is_empty() { String::new() } else { format!(",{rest}") };
            fault(3.0, &format!(r#"{{"source":{source}{rest}}}"#))
        });
        let needs_more = needs_more_than_source(f64::from(source));
        assert_eq!(needs_more, faults.iter().any(|fault| !fault.is_empty()), "{source} {faults:?}");
    }
    assert!(!needs_more_than_source(1.5));
}

#[test]
fn a_full_snapshot_has_a_document_that_can_be_built() {
    let element = |name: &str| format!(r#"{{"type":2,"tagName":{name},"attributes":{{}},"childNodes":[]}}"#);
    let whole = |path: &str| format!("{IN_BODY}{path}");
    for (data, path) in [
        ("{}".to_owned(), "data.node".to_owned()),
        (r#"{"node":null}"#.to_owned(), "data.node".to_owned()),
        (r#"{"node":[]}"#.to_owned(), "data.node".to_owned()),
        (r#"{"node":"x"}"#.to_owned(), "data.node".to_owned()),
        (snapshot("{}"), String::new()),
        (snapshot(r#"{"type":0}"#), "data.node.childNodes".to_owned()),
        (snapshot(r#"{"childNodes":{},"type":0}"#), "data.node.childNodes".to_owned()),
        (snapshot(r#"{"type":0,"childNodes":[null]}"#), "data.node.childNodes[0]".to_owned()),
        (snapshot(r#"{"type":0,"childNodes":[{"type":3}]}"#), "data.node.childNodes[0]".to_owned()),
        (
            snapshot(&format!(r#"{{"type":0,"childNodes":[{0},{0}]}}"#, element("\"html\""))),
            "data.node.childNodes[1]".to_owned(),
        ),
        (r#"{"node":{}}"#.to_owned(), String::new()),
        (r#"{"node":{},"initialOffset":null}"#.to_owned(), String::new()),
        (r#"{"initialOffset":"top","node":{}}"#.to_owned(), "data.initialOffset".to_owned()),
        (body(&element("\"x-y.z:1\"")), String::new()),
        (body(&element("\"\\u0061\"")), String::new()),
        (body(&element("null")), String::new()),
        (body(&element("\"\"")), whole(".tagName")),
        (body(&element("\"a b\"")), whole(".tagName")),
        (body(&element("\"1\"")), whole(".tagName")),
        (body(r#"{"type":2,"tagName":"b"}"#), whole(".childNodes")),
        (body(r#"{"childNodes":null,"type":2}"#), whole(".childNodes")),
        (body(r#"{"type":2,"tagName":"b","childNodes":[]}"#), String::new()),
        (body(r#"{"type":2,"tagName":"link","childNodes":[]}"#), whole(".attributes")),
        (body(r#"{"type":2,"tagName":"link","childNodes":[],"attributes":{}}"#), String::new()),
        (body(r#"{"type":3}"#), String::new()),
        (body(r#"{"type":9}"#), String::new()),
        (body("{}"), String::new()),
        (body("7"), String::new()),
        (body("null"), IN_BODY.to_owned()),
        (body(r#"{"type":0,"childNodes":[]}"#), whole(".type")),
        (body(r#"{"type":1}"#), whole(".type")),
    ] {
        assert_eq!(fault(2.0, &data), path, "{data}");
    }
}

// Each row of the two that follow was tried with the Replayer of rrweb 2.0.1 and of 2.2.2.

#[test]
fn a_document_is_one_that_html_can_have() {
    let root = r#"{"type":2,"tagName":"html","attributes":{},"childNodes":[]}"#;
    let doctype = r#"{"type":1,"name":"html","publicId":"","systemId":""}"#;
    let comment = r#"{"type":5,"textContent":"a"}"#;
    let cdata = r#"{"type":4,"textContent":""}"#;
    let document =
        |children: &[&str]| snapshot(&format!(r#"{{"type":0,"childNodes":[{}]}}"#, children.join(",")));
    let named =
        |name: &str| document(&[&format!(r#"{{"type":1,"name":{name},"publicId":"","systemId":""}}"#), root]);
    let quirky = |first: &str| {
        snapshot(&format!(r#"{{"type":0,"compatMode":"BackCompat","childNodes":[{first},{comment}]}}"#))
    };
    let node = |rest: &str| format!("data.node{rest}");
    for (data, path) in [
        (document(&[doctype, root]), String::new()),
        (document(&[comment, doctype, comment, root, comment]), String::new()),
        (document(&[r#"{"type":2,"tagName":"svg","isSVG":true,"childNodes":[]}"#]), String::new()),
        (document(&[]), node(".childNodes")),
        (document(&[doctype]), node(".childNodes")),
        (document(&[comment]), node(".childNodes")),
        (document(&["7"]), node(".childNodes")),
        (document(&[root, doctype]), node(".childNodes[1]")),
        (document(&[doctype, doctype, root]), node(".childNodes[1]")),
        (document(&[cdata, root]), node(".childNodes[0].type")),
        (body(cdata), format!("{IN_BODY}.type")),
        (named(r#""""#), String::new()),
        (named("null"), String::new()),
        (named("5"), String::new()),
        (named("[]"), String::new()),
        (named(r#""a\u0020b""#), node(".childNodes[0].name")),
        (named(r#""a>""#), node(".childNodes[0].name")),
        (named("{}"), node(".childNodes[0].name")),
        (document(&[r#"{"type":1}"#, root]), String::new()),
        (quirky(root), String::new()),
        (quirky(r#"{"type":2,"tagName":"html","childNodes":[]}"#), node(".childNodes[0].attributes")),
        (
            quirky(r#"{"type":2,"tagName":"html","attributes":"x","childNodes":[]}"#),
            node(".childNodes[0].attributes"),
        ),
        // No document, and nothing is built of it.
        (snapshot(root), String::new()),
    ] {
        assert_eq!(fault(2.0, &data), path, "{data}");
    }
}

#[test]
fn an_element_is_one_that_html_can_have() {
    let element = |name: &str, rest: &str| {
        body(&format!(r#"{{"type":2,{rest},"tagName":{name},"attributes":{{}},"childNodes":[]}}"#))
    };
    let plays = |name: &str, attributes: &str| {
        body(&format!(r#"{{"type":2,"attributes":{{{attributes}}},"tagName":"{name}","childNodes":[]}}"#))
    };
    let (svg, custom, host) = (r#""isSVG":true"#, r#""isCustom":true"#, r#""isShadowHost":true"#);
    let (volume, rate, state) = ("rr_mediaVolume", "rr_mediaPlaybackRate", "rr_mediaState");
    let set = |tag: &str, name: &str, value: &str| plays(tag, &format!(r#""class":"a","{name}":{value}"#));
    for (data, member) in [
        (element("5", svg), "tagName"),
        (element("{}", r#""id":5"#), "tagName"),
        (element("[]", r#""id":5"#), "tagName"),
        (element("true", r#""id":5"#), ""),
        (element("null", svg), ""),
        (element(r#""xmlns""#, svg), "tagName"),
        (element(r#""xml:foo""#, svg), "tagName"),
        (element(r#""a:""#, svg), "tagName"),
        (element(r#"":a""#, svg), "tagName"),
        (element(r#""a:1""#, svg), "tagName"),
        (element(r#""a:1""#, r#""isSVG":1"#), "tagName"),
        (element(r#""a:1""#, r#""isSVG":"""#), ""),
        (element(r#""a:1""#, r#""isSVG":false"#), ""),
        (element(r#""a:b""#, svg), ""),
        (element(r#""x-y""#, custom), ""),
        (element(r#""X-Y""#, custom), "tagName"),
        (element(r#""a""#, custom), "tagName"),
        (element("null", custom), "tagName"),
        (element(r#""font-face""#, custom), "tagName"),
        (element(r#""font-face""#, r#""isCustom":true,"isSVG":true"#), ""),
        (element(r#""div""#, host), ""),
        (element(r#""x-y""#, host), ""),
        (element(r#""img""#, host), "isShadowHost"),
        (element("null", host), "isShadowHost"),
        (element(r#""div""#, r#""isShadowHost":true,"isSVG":true"#), "isShadowHost"),
        (element(r#""a""#, r#""isShadowHost":0"#), ""),
        (set("video", state, r#""played""#), ""),
        (set("AUDIO", state, r#""paused""#), ""),
        (set("div", state, r#""played""#), "attributes.rr_mediaState"),
        (set("source", state, r#""paused""#), "attributes.rr_mediaState"),
        (set("div", state, r#""else""#), ""),
        (set("div", state, "5"), ""),
        (set("video", volume, "1"), ""),
        (set("video", volume, "1.01"), "attributes.rr_mediaVolume"),
        (set("audio", volume, "-0.01"), "attributes.rr_mediaVolume"),
        (set("video", volume, r#""5""#), ""),
        (set("div", volume, "5"), ""),
        (set("video", rate, "0"), ""),
        (set("video", rate, "0.0625"), ""),
        (set("video", rate, "16"), ""),
        (set("video", rate, "0.0624"), "attributes.rr_mediaPlaybackRate"),
        (set("audio", rate, "16.01"), "attributes.rr_mediaPlaybackRate"),
        (set("video", rate, "-1"), "attributes.rr_mediaPlaybackRate"),
        (set("div", rate, "99"), ""),
    ] {
        let path = if member.is_empty() { String::new() } else { format!("{IN_BODY}.{member}") };
        assert_eq!(fault(2.0, &data), path, "{data}");
    }
}

#[test]
fn the_path_to_a_deep_node_stays_short() {
    let deep = format!(
        r#"{{"node":{}{{"type":2}}{}}}"#,
        r#"{"type":0,"childNodes":["#.replace("0", "2").repeat(100_000),
        "]}".repeat(100_000)
    );
    let path = fault(2.0, &deep);
    assert!(path.len() < 200 && path.ends_with("[0].childNodes"), "{path}");
}
