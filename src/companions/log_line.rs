//! A line of a program's log, as rrweb's console plugin writes one.

use serde_json::json;

use super::secrets::cut_masked;
use crate::model::page_config::{ConsoleConfig, ConsoleLevel};

/// The plugin's name, by which players know it.
pub(crate) const CONSOLE_PLUGIN: &str = "rrweb/console@1";

/// Bytes of a message that are kept.
const MAX_MESSAGE_BYTES: usize = 8_192;

/// How severe a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSeverity {
    /// Somebody has to act.
    Error,
    /// Something went wrong.
    Warn,
    /// What a user of the program may want to know.
    Info,
    /// What its makers want to know.
    Debug,
}

impl LogSeverity {
    /// The level of a browser's console that is the same.
    fn console_level(self) -> ConsoleLevel {
        match self {
            Self::Error => ConsoleLevel::Error,
            Self::Warn => ConsoleLevel::Warn,
            Self::Info => ConsoleLevel::Info,
            Self::Debug => ConsoleLevel::Log,
        }
    }
}

/// Whether a line is recorded. A host that tells of one wants it recorded, unless the configuration says otherwise.
pub(crate) fn takes_log(console: Option<&ConsoleConfig>, level: LogSeverity) -> bool {
    console.is_none_or(|console| console.enabled && console.levels.contains(&level.console_level()))
}

/// What the event says: the message is one argument of a call of the console, which are JSON each. Secrets are masked.
pub(crate) fn log_payload(level: LogSeverity, message: &str) -> String {
    let (kept, is_cut) = cut_masked(message, MAX_MESSAGE_BYTES);
    let kept = json!(if is_cut { format!("{kept}…") } else { kept });
    json!({"level": level.console_level(), "trace": [], "payload": [kept.to_string()]}).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::model::page_config::LoggingConfig;

    fn payload(level: LogSeverity, message: &str) -> Value {
        serde_json::from_str(&log_payload(level, message)).unwrap()
    }

    #[test]
    fn is_what_rrwebs_console_plugin_writes() {
        for (level, name) in [
            (LogSeverity::Error, "error"),
            (LogSeverity::Warn, "warn"),
            (LogSeverity::Info, "info"),
            (LogSeverity::Debug, "log"),
        ] {
            let expected = json!({"level": name, "trace": [], "payload": ["\"a \\\"b\\\"\\n<c>\""]});
            assert_eq!(payload(level, "a \"b\"\n<c>"), expected);
        }
        let masked = payload(LogSeverity::Info, "signed in with password=hunter2 at http://u:p@host/");
        assert_eq!(masked["payload"][0], "\"signed in with password=******** at http://********@host/\"");
    }

    #[test]
    fn is_recorded_unless_it_is_configured_that_it_is_not() {
        for (logging, expected) in [
            (json!({}), [true, true, true, true]),
            (json!({"network": {"enabled": false}}), [true, true, true, true]),
            (json!({"console": {"enabled": true}}), [true, true, true, true]),
            (json!({"console": {"enabled": true, "levels": ["error", "log"]}}), [true, false, false, true]),
            (json!({"console": {"enabled": false, "levels": ["error"]}}), [false, false, false, false]),
        ] {
            let console = LoggingConfig::from_option(&logging).unwrap().console;
            let levels = [LogSeverity::Error, LogSeverity::Warn, LogSeverity::Info, LogSeverity::Debug];
            assert_eq!(levels.map(|level| takes_log(console.as_ref(), level)), expected, "{logging}");
        }
    }

    #[test]
    fn a_long_message_is_cut() {
        let message = payload(LogSeverity::Info, &"é".repeat(MAX_MESSAGE_BYTES));
        let expected = format!("\"{}…\"", "é".repeat(MAX_MESSAGE_BYTES / 2));
        assert_eq!(message["payload"][0], expected);
    }
}
