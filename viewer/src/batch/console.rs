//! Errors in the console: what rrweb's console plugin recorded, which our recorders use for native logs and for errors that
//! nobody handled, too.

use super::data::{Data, is_object, members};

/// Whether an event is an error in the console.
pub(super) fn is_error(event_type: f64, data: &Data<'_>) -> bool {
    if event_type != 6.0 || !data.is_object() {
        return false;
    }
    let [plugin, payload] = data.members(["plugin", "payload"]);
    let is_console = plugin.is_some_and(|plugin| plugin == r#""rrweb/console@1""#);
    let Some(payload) = payload.filter(|payload| is_console && is_object(payload)) else { return false };
    let [level] = members(payload, ["level"]);
    level.is_some_and(|level| [r#""error""#, r#""assert""#].contains(&level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_failed_assertions_count() {
        for (event_type, data, expected) in [
            (6.0, r#"{"plugin":"rrweb/console@1","payload":{"level":"error","payload":["\"no\""]}}"#, true),
            (6.0, r#"{"plugin":"rrweb/console@1","payload":{"trace":[],"level":"assert"}}"#, true),
            (6.0, r#"{"plugin":"rrweb/console@1","payload":{"level":"warn"}}"#, false),
            (6.0, r#"{"plugin":"rrweb/console@1","payload":["error"]}"#, false),
            (6.0, r#"{"plugin":"rrweb/console@1","payload":{"level":{"error":1}}}"#, false),
            (6.0, r#"{"plugin":"other@1","payload":{"level":"error"}}"#, false),
            (6.0, r#"["rrweb/console@1","error"]"#, false),
            (5.0, r#"{"plugin":"rrweb/console@1","payload":{"level":"error"}}"#, false),
        ] {
            assert_eq!(is_error(event_type, &Data::of(data)), expected, "{event_type} {data}");
        }
        assert!(!is_error(6.0, &Data::none()));
    }
}
