//! What `fuzz/` throws bytes at, beside the public API. Only there with `--cfg fuzzing`, as cargo-fuzz builds.

use crate::model::event::{Marked, WireEvent};
use crate::model::sample_rate::SampleRate;
use crate::model::targeting::Targeting;
use crate::remote_config::RemoteConfig;
use crate::storage::fuzzed;
use crate::views::page;

pub use crate::views::fuzzed::PlayedScene;

/// The events in the bytes of a stored file, and how many places in it are damaged.
pub fn read_stored(bytes: Vec<u8>) -> (Vec<Vec<u8>>, u64) {
    fuzzed::events_in_file(bytes)
}

/// The bytes of a chunk and of a compacted file with these events.
pub fn stored_files(events: &[&[u8]]) -> Option<[Vec<u8>; 2]> {
    Some([fuzzed::chunk_file(events.iter().copied()), fuzzed::compacted_file(events, 3).ok()?])
}

/// An event in wire form, if it is one. Both ways of reading it agree.
pub fn wire_form(event: &[u8]) -> Option<String> {
    let wire = WireEvent::parse(event).ok().map(WireEvent::to_json);
    let in_any_form = str::from_utf8(event).ok().and_then(|text| WireEvent::parse_any_form(text).ok());
    assert_eq!(wire, in_any_form.map(WireEvent::to_json));
    wire
}

/// What travels of an event of this document of the page in this view, in wire form; none where it is no event. Both ways to it
/// agree.
pub fn rewritten(view: u32, document: u32, json: &[u8]) -> Option<Vec<String>> {
    page::travelling(&Marked::Page { view, document, not_before: "5" }, json).ok()
}

/// The sample rate of the remote configuration in these bytes, if they have one.
pub fn remote_sample_rate(body: &[u8]) -> Option<f64> {
    RemoteConfig::parse(body)?.replay?.sampling?.sample_rate.map(SampleRate::get)
}

/// Whether a session with this context is captured by this targeting configuration, if it is one.
pub fn targeting_match(config: &str, context: &str) -> Option<bool> {
    Some(Targeting::parse(config)?.evaluate_json(context).is_match)
}
