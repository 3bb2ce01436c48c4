use std::collections::BTreeSet;

use super::counters::{LastError, Stats};
use super::member::{FieldKind, InnerMember, MemberValue, StatsContext, StatsSource};
use super::members::{CAPTURING, MEMBERS, STATES};
use crate::model::capture::NotCaptured;
use crate::storage::{Counts, Crash};

fn context(filled: bool) -> StatsContext {
    let text = |text: &str| filled.then(|| text.to_owned());
    let number = |number| if filled { number } else { 0 };
    StatsContext {
        state: if filled { CAPTURING } else { NotCaptured::NoDeviceId.as_str() },
        advice: text("look at the page"),
        targeting: filled.then(|| (true, text("paying users"))),
        session_replay_id: text("d/1"),
        recorded_events: number(1),
        recorded_bytes: number(2),
        waiting_events: number(3),
        evicted_events: number(4),
        deleted_events: number(8),
        held: Counts { events: number(9), bytes: number(10) },
        waiting_batches: number(5),
        waiting_frames: number(7),
        stored_bytes: number(6),
        storage: if filled { "disk" } else { "memory" },
        storage_problem: text("no room"),
    }
}

/// Another value in each counter.
fn filled() -> Stats {
    let stats = Stats::default();
    let counters = [
        &stats.refused_invalid,
        &stats.refused_too_large,
        &stats.refused_buffer_full,
        &stats.refused_storage,
        &stats.not_stored,
        &stats.not_captured,
        &stats.delivered,
        &stats.throttled,
        &stats.dropped_invalid,
        &stats.dropped_rejected,
        &stats.dropped_too_large,
        &stats.dropped_not_captured,
        &stats.dropped_too_short,
        &stats.dropped_session_rejected,
        &stats.batches_sent,
        &stats.batches_retried,
        &stats.wire_bytes,
        &stats.plain_bytes,
        &stats.dropped_expired,
        &stats.dropped_lost,
        &stats.damaged,
        &stats.later_version,
        &stats.evicted_unread,
        &stats.crashes,
        &stats.recovered,
        &stats.sessions,
        &stats.interactions_recorded,
        &stats.interactions_delivered,
        &stats.interactions_off,
        &stats.dropped_not_triggered,
        &stats.filtered,
    ];
    counters.iter().zip(101..).for_each(|(counter, value)| counter.add(value));
    stats.set_last_crash(Crash { code: -11, at_ms: 1_732_300_000_000 });
    *stats.last_error.lock() =
        Some(LastError { message: "it \"failed\"".to_owned(), at_ms: 1_732_300_000_001 });
    stats
}

/// The texts are of the version that had no table; "frames", "interactions", "targeting", "deleted", "held" and "filtered" came later.
#[test]
fn the_json_is_byte_for_byte_what_earlier_versions_wrote() {
    let empty = r#"{"adopted":0,"advice":null,"batches":{"retried":0,"sent":0},"bytes":{"beforeGzip":0,"onTheWire":0,"ratio":0.0},"crashes":{"count":0,"last":null},"damaged":0,"delivered":0,"dropped":{"deleted":0,"expired":0,"invalidEvent":0,"notCaptured":0,"notTriggered":0,"rejectedByServer":0,"sessionEndedByServer":0,"sessionTooShort":0,"storageLimit":0,"storageLost":0,"tooLargeForServer":0},"evictedUnread":0,"filtered":0,"held":{"bytes":0,"events":0},"interactions":{"delivered":0,"off":0,"recorded":0},"lastError":null,"laterVersion":0,"notCaptured":0,"notStored":0,"recorded":{"bytes":0,"events":0},"refused":{"bufferFull":0,"invalidEvent":0,"storage":0,"tooLarge":0},"sessionReplayId":null,"sessions":0,"state":"no-device-id","storage":{"kind":"memory","problem":null},"targeting":null,"throttled":0,"waiting":{"batches":0,"bytes":0,"events":0,"frames":0}}"#;
    assert_eq!(Stats::default().to_json(context(false)).to_string(), empty);
    let full = r#"{"adopted":125,"advice":"look at the page","batches":{"retried":116,"sent":115},"bytes":{"beforeGzip":118,"onTheWire":117,"ratio":1.01},"crashes":{"count":124,"last":{"atMs":1732300000000,"code":-11}},"damaged":121,"delivered":107,"dropped":{"deleted":8,"expired":119,"invalidEvent":109,"notCaptured":112,"notTriggered":130,"rejectedByServer":110,"sessionEndedByServer":114,"sessionTooShort":113,"storageLimit":4,"storageLost":120,"tooLargeForServer":111},"evictedUnread":123,"filtered":131,"held":{"bytes":10,"events":9},"interactions":{"delivered":128,"off":129,"recorded":127},"lastError":{"atMs":1732300000001,"message":"it \"failed\""},"laterVersion":122,"notCaptured":106,"notStored":105,"recorded":{"bytes":2,"events":1},"refused":{"bufferFull":103,"invalidEvent":101,"storage":104,"tooLarge":102},"sessionReplayId":"d/1","sessions":126,"state":"capturing","storage":{"kind":"disk","problem":"no room"},"targeting":{"matched":true,"rule":"paying users"},"throttled":108,"waiting":{"batches":5,"bytes":6,"events":3,"frames":7}}"#;
    assert_eq!(filled().to_json(context(true)).to_string(), full);
}

#[test]
fn each_path_stands_once_and_each_object_is_what_its_fields_say() {
    let (stats, mut paths) = (filled(), BTreeSet::new());
    for member in MEMBERS {
        let (path, doc) = (member.path, member.doc);
        assert!(paths.insert(path), "{path} stands twice");
        assert!(doc.ends_with('.'), "{path}: {doc}");
        let now = StatsSource { stats: &stats, context: context(true) };
        match &member.value {
            MemberValue::Word(words, read) => assert!(words.contains(&read(&now)), "{path}"),
            MemberValue::OptionalObject(fields, read) => {
                let object = read(&now).unwrap();
                assert_eq!(object.as_object().unwrap().len(), fields.len(), "{path}");
                for InnerMember { key, kind, doc } in *fields {
                    let fits = match kind {
                        FieldKind::Text => object[key].is_string(),
                        FieldKind::OptionalText => object[key].is_string() || object[key].is_null(),
                        FieldKind::Flag => object[key].is_boolean(),
                        FieldKind::Integer => object[key].is_i64(),
                        FieldKind::Time => object[key].is_u64(),
                    };
                    assert!(fits && doc.ends_with('.'), "{path}.{key}");
                }
            }
            MemberValue::Count(unit, _) => assert_ne!(format!("{unit:?}"), "", "{path}"),
            MemberValue::Ratio(_) | MemberValue::OptionalText(_) => {}
        }
    }
}

#[test]
fn every_reason_for_not_capturing_is_a_state() {
    use NotCaptured::*;
    for reason in [
        AwaitsEvent,
        CaptureDisabled,
        Idle,
        Held,
        NoDeviceId,
        NoSessionId,
        NotInSample,
        OptedOut,
        Paused,
        SessionRejected,
        TargetingNotEvaluated,
        NotTargeted,
    ] {
        // One that is missing above does not compile here.
        match reason {
            AwaitsEvent
            | CaptureDisabled
            | Held
            | Idle
            | Paused
            | NoDeviceId
            | NoSessionId
            | NotInSample
            | OptedOut
            | SessionRejected
            | TargetingNotEvaluated
            | NotTargeted => assert!(STATES.contains(&reason.as_str()), "{reason:?}"),
        }
    }
}

/// The first column of the table in docs/guide/c-api.md, where `.key` shares the group of the member before it.
fn documented() -> BTreeSet<String> {
    let page = include_str!("../../docs/guide/c-api.md");
    let (_, section) = page.split_once("\n## The numbers of `sr_stats()`\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let (mut paths, mut group) = (BTreeSet::new(), String::new());
    for name in rows.flat_map(|cell| cell.split(", ")) {
        let name = name.trim_matches('`');
        if !name.starts_with('.') {
            group = name.split('.').next().unwrap().to_owned();
        }
        let is_short = name.starts_with('.');
        paths.insert(if is_short { format!("{group}{name}") } else { name.to_owned() });
    }
    paths
}

#[test]
fn docs_have_the_members_of_the_table_and_no_other() {
    let paths = MEMBERS.iter().flat_map(|member| match &member.value {
        MemberValue::OptionalObject(fields, _) => {
            fields.iter().map(|field| format!("{}.{}", member.path, field.key)).collect()
        }
        _ => vec![member.path.to_owned()],
    });
    assert_eq!(documented(), paths.collect());
}
