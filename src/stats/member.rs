//! What a member of `sr_stats` is: its path, its type and how it is read.

use serde_json::{Map, Value};

use super::counters::Stats;
use crate::storage::Counts;

/// What else `sr_stats` says, known to other modules.
pub(crate) struct StatsContext {
    pub state: &'static str,
    pub advice: Option<String>,
    /// What targeting says of the session: whether it matched, and by which rule.
    pub targeting: Option<(bool, Option<String>)>,
    pub session_replay_id: Option<String>,
    pub recorded_events: u64,
    pub recorded_bytes: u64,
    pub waiting_events: u64,
    pub evicted_events: u64,
    pub deleted_events: u64,
    pub held: Counts,
    pub waiting_batches: u64,
    pub waiting_frames: u64,
    pub stored_bytes: u64,
    pub storage: &'static str,
    pub storage_problem: Option<String>,
}

/// What the members of `sr_stats` are read from.
pub(crate) struct StatsSource<'a> {
    pub stats: &'a Stats,
    pub context: StatsContext,
}

/// A member of the JSON object of `sr_stats`.
#[cfg_attr(not(test), allow(dead_code, reason = "the types of other languages are made from all of it"))]
pub(crate) struct Member {
    /// The keys to it, joined by dots.
    pub path: &'static str,
    pub value: MemberValue,
    /// What it means.
    pub doc: &'static str,
}

/// The type of a member, and how it is read.
#[cfg_attr(not(test), allow(dead_code, reason = "as for `Member`"))]
pub(crate) enum MemberValue {
    /// A whole number from 0, which counts these.
    Count(Unit, fn(&StatsSource) -> u64),
    /// A number from 0, rounded to two places.
    Ratio(fn(&StatsSource) -> f64),
    /// One of these words.
    Word(&'static [&'static str], fn(&StatsSource) -> &'static str),
    /// A text, or null.
    OptionalText(fn(&StatsSource) -> Option<String>),
    /// An object with these fields, or null.
    OptionalObject(&'static [InnerMember], fn(&StatsSource) -> Option<Value>),
}

/// A field of [`MemberValue::OptionalObject`].
#[cfg_attr(not(test), allow(dead_code, reason = "as for `Member`"))]
pub(crate) struct InnerMember {
    pub key: &'static str,
    pub kind: FieldKind,
    pub doc: &'static str,
}

/// The type of a [`InnerMember`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    /// A text, or null.
    OptionalText,
    /// True or false.
    Flag,
    /// A whole number, with a sign.
    Integer,
    /// Milliseconds since 1970.
    Time,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Batches,
    Bytes,
    Calls,
    Events,
    Files,
    Frames,
    Places,
    Requests,
    Runs,
    Sessions,
}

impl Member {
    pub const fn count(
        path: &'static str,
        unit: Unit,
        read: fn(&StatsSource) -> u64,
        doc: &'static str,
    ) -> Self {
        Self { path, value: MemberValue::Count(unit, read), doc }
    }

    pub const fn text(
        path: &'static str,
        read: fn(&StatsSource) -> Option<String>,
        doc: &'static str,
    ) -> Self {
        Self { path, value: MemberValue::OptionalText(read), doc }
    }
}

impl MemberValue {
    fn read(&self, now: &StatsSource) -> Value {
        match self {
            Self::Count(_, read) => read(now).into(),
            Self::Ratio(read) => read(now).into(),
            Self::Word(_, read) => read(now).into(),
            Self::OptionalText(read) => read(now).into(),
            Self::OptionalObject(_, read) => read(now).into(),
        }
    }
}

/// These members in one object.
pub(super) fn to_json(members: &[Member], now: &StatsSource) -> Value {
    let mut all = Map::new();
    for member in members {
        let value = member.value.read(now);
        match member.path.split_once('.') {
            None => {
                all.insert(member.path.to_owned(), value);
            }
            Some((group, key)) => {
                let group = all.entry(group).or_insert_with(|| Map::new().into());
                if let Value::Object(group) = group {
                    group.insert(key.to_owned(), value);
                }
            }
        }
    }
    all.into()
}
