//! The members of `sr_stats`: one table, from which the JSON is made.
//!
//! The types of TypeScript and the table in `docs/guide/c-api.md` are generated from it (`src/generated/`).

use serde_json::{Value, json};

use super::counters::Stats;
use super::member::{self, FieldKind, InnerMember, Member, MemberValue, StatsContext, StatsSource, Unit};
use crate::model::capture::NotCaptured;

/// `state` while events are captured.
pub(crate) const CAPTURING: &str = "capturing";
/// `state` until the remote configuration is known.
pub(crate) const AWAITS_REMOTE_CONFIG: &str = "waiting-for-remote-config";

/// Every word that `state` may be.
pub(crate) const STATES: &[&str] = &[
    CAPTURING,
    AWAITS_REMOTE_CONFIG,
    NotCaptured::AwaitsEvent.as_str(),
    NotCaptured::NoDeviceId.as_str(),
    NotCaptured::NoSessionId.as_str(),
    NotCaptured::OptedOut.as_str(),
    NotCaptured::Paused.as_str(),
    NotCaptured::Idle.as_str(),
    NotCaptured::NotInSample.as_str(),
    NotCaptured::CaptureDisabled.as_str(),
    NotCaptured::TargetingNotEvaluated.as_str(),
    NotCaptured::NotTargeted.as_str(),
    NotCaptured::SessionRejected.as_str(),
    NotCaptured::Held.as_str(),
];

/// Every word that `storage.kind` may be.
pub(crate) const STORAGE_KINDS: &[&str] = &["disk", "memory"];

/// Every member. `recorded.events + adopted = delivered + dropped + held.events + waiting.events`, once the sender has looked at what was
/// recorded.
pub(crate) const MEMBERS: &[Member] = &[
    Member {
        path: "state",
        value: MemberValue::Word(STATES, |now| now.context.state),
        doc: "Whether events are captured, or why not.",
    },
    Member::text(
        "advice",
        |now| now.context.advice.clone(),
        "What to do about `state`; null where nothing is to be done.",
    ),
    Member {
        path: "targeting",
        value: MemberValue::OptionalObject(
            &[
                InnerMember {
                    key: "matched",
                    kind: FieldKind::Flag,
                    doc: "Whether the rules of the remote configuration chose this session.",
                },
                InnerMember {
                    key: "rule",
                    kind: FieldKind::OptionalText,
                    doc: "The one that decided last: its name, or its place, like \"segment 2\"; null: none did.",
                },
            ],
            |now| {
                let targeting = now.context.targeting.as_ref()?;
                Some(json!({ "matched": targeting.0, "rule": targeting.1 }))
            },
        ),
        doc: "Whether the rules of the remote configuration chose this session, and which one decided; null where there are none.",
    },
    Member::text(
        "sessionReplayId",
        |now| now.context.session_replay_id.clone(),
        "`<device id>/<session id>`, or null.",
    ),
    Member::count("sessions", Unit::Sessions, |now| now.stats.sessions.get(), "Sessions captured."),
    Member::count(
        "recorded.events",
        Unit::Events,
        |now| now.context.recorded_events,
        "Events accepted by `sr_record`.",
    ),
    Member::count("recorded.bytes", Unit::Bytes, |now| now.context.recorded_bytes, "Bytes of these events."),
    Member::count(
        "adopted",
        Unit::Events,
        |now| now.stats.recovered.get(),
        "Events found in `storageDir`, left by earlier runs.",
    ),
    Member::count(
        "laterVersion",
        Unit::Files,
        |now| now.stats.later_version.get(),
        "Files in `storageDir` that a later version of the library left behind, and that are left to it.",
    ),
    Member::count(
        "evictedUnread",
        Unit::Files,
        |now| now.stats.evicted_unread.get(),
        "Files of earlier runs that were more than `storageLimitBytes`, removed before the rest was recovered. Their events are in `adopted` and `dropped.storageLimit`.",
    ),
    Member::count(
        "crashes.count",
        Unit::Runs,
        |now| now.stats.crashes.get(),
        "Earlier runs that reported a crash with `sr_mark_crash`.",
    ),
    Member {
        path: "crashes.last",
        value: MemberValue::OptionalObject(
            &[
                InnerMember { key: "code", kind: FieldKind::Integer, doc: "The code that the run gave." },
                InnerMember { key: "atMs", kind: FieldKind::Time, doc: "When it crashed." },
            ],
            |now| now.stats.last_crash.lock().map(|crash| json!({ "code": crash.code, "atMs": crash.at_ms })),
        ),
        doc: "What the last of them reported; null if none did.",
    },
    Member::count(
        "damaged",
        Unit::Places,
        |now| now.stats.damaged.get(),
        "Damaged places in the files of earlier runs, each of which had been an event or more.",
    ),
    Member::count(
        "notCaptured",
        Unit::Calls,
        |now| now.stats.not_captured.get(),
        "Calls that returned `SR_NOT_CAPTURED`.",
    ),
    Member::count(
        "filtered",
        Unit::Events,
        |now| now.stats.filtered.get(),
        "Events that the host's filter (`sr_set_filter`) dropped.",
    ),
    Member::count(
        "notStored",
        Unit::Events,
        |now| now.stats.not_stored.get(),
        "Events accepted, and kept in memory only although there is a `storageDir`.",
    ),
    Member::count(
        "refused.invalidEvent",
        Unit::Calls,
        |now| now.stats.refused_invalid.get(),
        "Calls of `sr_record` refused: not an rrweb event.",
    ),
    Member::count(
        "refused.tooLarge",
        Unit::Calls,
        |now| now.stats.refused_too_large.get(),
        "Calls of `sr_record` refused: the event is larger than `maxSingleEventSizeBytes`.",
    ),
    Member::count(
        "refused.bufferFull",
        Unit::Calls,
        |now| now.stats.refused_buffer_full.get(),
        "Calls of `sr_record` refused: `storageLimitBytes` is reached.",
    ),
    Member::count(
        "refused.storage",
        Unit::Calls,
        |now| now.stats.refused_storage.get(),
        "Calls of `sr_record` refused: neither disk nor memory is to be had.",
    ),
    Member::count(
        "interactions.recorded",
        Unit::Events,
        |now| now.stats.interactions_recorded.get(),
        "Of `recorded.events`, interactions.",
    ),
    Member::count(
        "interactions.delivered",
        Unit::Events,
        |now| now.stats.interactions_delivered.get(),
        "Of `delivered`, interactions.",
    ),
    Member::count(
        "interactions.off",
        Unit::Events,
        |now| now.stats.interactions_off.get(),
        "Interactions that were told and not recorded: `interactionConfig` is not on.",
    ),
    Member::count("delivered", Unit::Events, |now| now.stats.delivered.get(), "Events that the server has."),
    Member::count(
        "throttled",
        Unit::Events,
        |now| now.stats.throttled.get(),
        "Of these, events that the overloaded server threw away.",
    ),
    Member::count(
        "dropped.invalidEvent",
        Unit::Events,
        |now| now.stats.dropped_invalid.get(),
        "Accepted, and found afterwards not to be an rrweb event, or one that no player can play.",
    ),
    Member::count(
        "dropped.rejectedByServer",
        Unit::Events,
        |now| now.stats.dropped_rejected.get(),
        "The server rejected their batch for good.",
    ),
    Member::count(
        "dropped.tooLargeForServer",
        Unit::Events,
        |now| now.stats.dropped_too_large.get(),
        "Too large for the server by themselves.",
    ),
    Member::count(
        "dropped.storageLimit",
        Unit::Events,
        |now| now.context.evicted_events,
        "Of sessions evicted for newer ones, or of earlier runs evicted for newer ones.",
    ),
    Member::count(
        "dropped.notCaptured",
        Unit::Events,
        |now| now.stats.dropped_not_captured.get(),
        "Kept while the remote configuration was awaited, which then did not capture them.",
    ),
    Member::count(
        "dropped.expired",
        Unit::Events,
        |now| now.stats.dropped_expired.get(),
        "Left behind by an earlier run more than three days ago.",
    ),
    Member::count(
        "dropped.storageLost",
        Unit::Events,
        |now| now.stats.dropped_lost.get(),
        "Of files in `storageDir` that somebody removed or cut.",
    ),
    Member::count(
        "dropped.sessionTooShort",
        Unit::Events,
        |now| now.stats.dropped_too_short.get(),
        "Of sessions shorter than the minimum.",
    ),
    Member::count(
        "dropped.sessionEndedByServer",
        Unit::Events,
        |now| now.stats.dropped_session_rejected.get(),
        "Of sessions that the server rejected.",
    ),
    Member::count(
        "dropped.deleted",
        Unit::Events,
        |now| now.context.deleted_events,
        "Deleted by `sr_delete_stored`, of this run and of earlier ones.",
    ),
    Member::count(
        "dropped.notTriggered",
        Unit::Events,
        |now| now.stats.dropped_not_triggered.get(),
        "Held, by this run or an earlier one, and never sent: older than `onErrorWindowMs`, or of a session without a trigger.",
    ),
    Member::count(
        "held.events",
        Unit::Events,
        |now| now.context.held.events,
        "Events that are held: they are sent only if there is a trigger.",
    ),
    Member::count("held.bytes", Unit::Bytes, |now| now.context.held.bytes, "Bytes of these events."),
    Member::count(
        "waiting.events",
        Unit::Events,
        |now| now.context.waiting_events,
        "Events accepted and not yet delivered.",
    ),
    Member::count(
        "waiting.batches",
        Unit::Batches,
        |now| now.context.waiting_batches,
        "Sealed chunks that hold them.",
    ),
    Member::count("waiting.bytes", Unit::Bytes, |now| now.context.stored_bytes, "The room they take."),
    Member::count(
        "waiting.frames",
        Unit::Frames,
        |now| now.context.waiting_frames,
        "Frames of views that wait for their images, or whose images are just made: no events yet.",
    ),
    Member {
        path: "storage.kind",
        value: MemberValue::Word(STORAGE_KINDS, |now| now.context.storage),
        doc: "Where events are kept.",
    },
    Member::text(
        "storage.problem",
        |now| now.context.storage_problem.clone(),
        "Why `storageDir` can't be used; null where all is well.",
    ),
    Member::count(
        "batches.sent",
        Unit::Requests,
        |now| now.stats.batches_sent.get(),
        "Requests that the server took.",
    ),
    Member::count(
        "batches.retried",
        Unit::Requests,
        |now| now.stats.batches_retried.get(),
        "Attempts that were made again.",
    ),
    Member::count(
        "bytes.beforeGzip",
        Unit::Bytes,
        |now| now.stats.plain_bytes.get(),
        "Bytes of the bodies that the server took, before gzip.",
    ),
    Member::count(
        "bytes.onTheWire",
        Unit::Bytes,
        |now| now.stats.wire_bytes.get(),
        "Bytes of these bodies, as sent.",
    ),
    Member {
        path: "bytes.ratio",
        value: MemberValue::Ratio(gzip_ratio),
        doc: "The one by the other; 0 before the first.",
    },
    Member {
        path: "lastError",
        value: MemberValue::OptionalObject(
            &[
                InnerMember { key: "message", kind: FieldKind::Text, doc: "What went wrong." },
                InnerMember { key: "atMs", kind: FieldKind::Time, doc: "When." },
            ],
            |now| {
                let last = now.stats.last_error.lock().clone();
                last.map(|error| json!({ "message": error.message, "atMs": error.at_ms }))
            },
        ),
        doc: "What went wrong last; null if nothing did.",
    },
];

impl Stats {
    /// The JSON of `sr_stats`.
    pub fn to_json(&self, context: StatsContext) -> Value {
        member::to_json(MEMBERS, &StatsSource { stats: self, context })
    }
}

fn gzip_ratio(now: &StatsSource) -> f64 {
    let (plain, wire) = (now.stats.plain_bytes.get(), now.stats.wire_bytes.get());
    if wire == 0 { 0.0 } else { (plain as f64 / wire as f64 * 100.0).round() / 100.0 }
}
