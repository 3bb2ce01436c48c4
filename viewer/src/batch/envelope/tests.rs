use super::*;
use crate::batch::scan::tests::spoil;

pub(in crate::batch) const EVENTS: [&str; 6] = [
    r#"{"type":4,"timestamp":1795465976788,"data":{"href":"http://app/","width":1280,"height":720}}"#,
    r#"{"type":2,"timestamp":1795465976855.5,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","childNodes":[{"type":2,"tagName":"head","childNodes":[{"type":2,"tagName":"title","childNodes":[{"type":3,"textContent":"é"}]}]}]}],"id":1},"initialOffset":{"left":0,"top":0}}}"#,
    r#"{"type":3,"timestamp":1795465977101,"delay":3,"data":{"source":1,"positions":[{"x":1,"timeOffset":-3}]}}"#,
    r#"{"type":3,"timestamp":1795465977102,"data":{"source":0,"texts":[],"adds":[{"parentId":4,"node":{"type":2,"childNodes":[{"type":3}],"id":5}}]}}"#,
    r#"{"type":6,"timestamp":1e999,"data":{"plugin":"rrweb/console@1","payload":{"level":"error","payload":["\"no\""]}}}"#,
    r#"{"type":0,"timestamp":0}"#,
];

fn body(events: &[&str]) -> String {
    let events: Vec<_> = events.iter().map(|event| serde_json::Value::from(*event).to_string()).collect();
    format!(r#"{{"version":1,"events":[{}]}}"#, events.join(","))
}

/// What those say who look at each event as it stands in the body.
fn by_token(body: &str) -> Result<CheckedBatch, String> {
    events_of(body.as_bytes(), 1).map(|ByToken::<true>(checked)| checked)
}

#[test]
fn the_quick_check_finds_what_the_thorough_one_finds() {
    let mut random = fastrand::Rng::with_seed(11);
    let (mut taken, mut wrong) = (0, 0);
    for events in [&EVENTS[..], &EVENTS[1..2], &EVENTS[3..5]] {
        let whole = body(events);
        let checked = quick_check(&whole, 1, true);
        assert!(checked.is_some() && checked == by_token(&whole).ok());
        for _ in 0..3_000 {
            let Ok(body) = String::from_utf8(spoil(&whole, &mut random)) else { continue };
            match (quick_check(&body, 1, true), by_token(&body)) {
                (Some(quick), thorough) => {
                    assert_eq!(Ok(quick), thorough, "{body}");
                    taken += 1;
                }
                (None, Err(_)) => wrong += 1,
                (None, Ok(_)) => {}
            }
        }
    }
    assert!(taken > 500 && wrong > 500, "{taken} {wrong}");
}

#[test]
fn bodies_as_hardly_anybody_writes_them_are_taken() {
    let deep = format!(r#"{{"type":2,"timestamp":1,"data":{}}}"#, "[".repeat(5_000) + &"]".repeat(5_000));
    let lone = r#"{"type":5,"timestamp":1,"data":{"tag":"\\ud800"}}"#;
    let key = r#"{"t\\u0079pe":5,"timestamp":1}"#;
    for (what, body) in [
        (
            "any order",
            format!(r#" {{ "events" : [ {} ] , "version" : 1 }} "#, serde_json::Value::from(EVENTS[1])),
        ),
        ("any depth", body(&[&deep, EVENTS[1]])),
        ("halves of characters", body(&[lone, EVENTS[1]]).replace("\\\\\\\\", "\\\\")),
        ("escapes in keys", body(&[key, EVENTS[1]]).replace("\\\\\\\\", "\\\\")),
    ] {
        let checked =
            check(body.as_bytes(), Version::Batch, true).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(checked.title.as_deref(), Some("é"), "{what}");
    }
    for (body, says) in [
        (r#"{"version":1,"events":[]}"#, "no events"),
        (r#"{"version":2,"events":["{}"]}"#, "event 0"),
        (r#"{"version":2,"events":[]}"#, "version is 2"),
        (r#"{"version":1,"version":1,"events":[]}"#, "duplicate field"),
        (r#"{"version":1,"events":[],"more":1}"#, "unknown field"),
        (r#"{"version":1,"events":["\ud800"]}"#, "not a string of Unicode text"),
        (r#"{"version":1,"events":[7]}"#, "event 0 is not a string"),
    ] {
        let error = check(body.as_bytes(), Version::Batch, false).expect_err(body);
        assert!(error.contains(says), "{body}: {error}");
    }
}
