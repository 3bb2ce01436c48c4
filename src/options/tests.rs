//! What is read from JSON, and what is said where it can't be.

use std::time::Duration;

use url::Url;

use super::fields::FIELDS;
use super::*;
use crate::model::ids::{DeviceId, SessionId};
use crate::model::page_config::{ErrorsConfig, InteractionConfig, LoggingConfig};
use crate::model::privacy::{MaskLevel, PrivacyConfig, UrlMaskLevel};
use crate::model::replay_url::ReplayUrlTemplate;

fn error_of(json: &str) -> String {
    Options::from_json(json).unwrap_err().to_string()
}

#[test]
fn an_empty_object_gives_the_defaults() {
    assert_eq!(Options::from_json("{}").unwrap(), Options::default());
}

#[test]
fn null_keeps_every_default() {
    let nulls: Vec<String> =
        FIELDS.iter().map(|field| field.key).map(|key| format!("\"{key}\":null")).collect();
    let json = format!("{{{}}}", nulls.join(","));
    assert_eq!(Options::from_json(&json).unwrap(), Options::default());
}

#[test]
fn reads_every_key() {
    let options = Options::from_json(
        r#"{"deviceId":"d-1","sessionId":1732300000000,"sampleRate":0.25,"optOut":true,
        "serverZone":"EU","trackServerUrl":"http://127.0.0.1:1/track",
        "configServerUrl":"https://example.com/config","flushMaxRetries":7,
        "flushIntervalConfig":{"minIntervalMs":20,"maxIntervalMs":30},
        "maxPersistedEventsSizeBytes":5000,"maxSingleEventSizeBytes":4000,
        "enableTransportCompression":false,"sendTimeoutMs":250,"enableRemoteConfig":false,
        "storageDir":"/var/tmp/x","storageLimitBytes":5000000,"sessionTimeoutMs":2000,
        "minSessionDurationMs":3000,"validateOnRecord":true,"logLevel":"debug","debugMode":true,
        "segment":{"mode":"classic-cloud"},"library":{"type":"plugin","version":"2.0.0-beta"},"clientUrl":"app://x",
        "frameIntervalMs":250,"frameBytesPerSecond":40000,"frameMaxPixels":500000,
        "proxy":"socks5://u:p@127.0.0.1:1080","hostRequests":"config","userProperties":{"plan":"paid","seats":3},
        "rememberOptOut":true,"idleTimeoutMs":4000,
        "onErrorSampleRate":0.5,"onErrorWindowMs":30000,"captureOnUnhandledError":false,
        "replayUrlTemplate":"https://h/{replayId}",
        "loggingConfig":{"errors":{"enabled":true}},"interactionConfig":{"enabled":true,"trackEveryNms":9},
        "privacyConfig":{"defaultMaskLevel":"light","blockSelector":".b","maskSelector":[".m"],"unmaskSelector":[],
        "maskAttributes":["title"],"urlMaskLevels":[{"match":"https://x/**","maskLevel":"conservative"}]}}"#,
    )
    .unwrap();
    let expected = Options {
        device_id: Some(DeviceId::from_text("d-1").unwrap()),
        session_id: Some(SessionId::from_millis(1_732_300_000_000).unwrap()),
        sample_rate: SampleRate::clamped(0.25),
        opt_out: true,
        server_zone: ServerZone::Eu,
        track_server_url: Some(Url::parse("http://127.0.0.1:1/track").unwrap()),
        config_server_url: Some(Url::parse("https://example.com/config").unwrap()),
        flush_max_retries: 7,
        flush_interval: FlushInterval { min: Duration::from_millis(20), max: Duration::from_millis(30) },
        max_batch_bytes: 5000,
        max_event_bytes: 4000,
        transport_compression: false,
        send_timeout: Duration::from_millis(250),
        remote_config: false,
        storage_dir: Some("/var/tmp/x".into()),
        storage_limit_bytes: 5_000_000,
        session_timeout: Some(Duration::from_secs(2)),
        session_timeout_is_overruled: false,
        min_session_duration: Duration::from_secs(3),
        validate_on_record: true,
        log_level: LogLevel::Debug,
        debug_mode: true,
        segment: SegmentMode::ClassicCloud,
        library: Library { kind: LibraryKind::Plugin, version: "2.0.0-beta".into() },
        privacy: PrivacyConfig {
            default_mask_level: Some(MaskLevel::Light),
            block_selector: vec![".b".into()],
            mask_selector: vec![".m".into()],
            unmask_selector: vec![],
            mask_attributes: vec!["title".into()],
            url_mask_levels: vec![UrlMaskLevel {
                glob: "https://x/**".into(),
                mask_level: MaskLevel::Conservative,
            }],
            passed_over: 0,
        },
        client_url: Some("app://x".into()),
        frame_interval: Duration::from_millis(250),
        frame_bytes_per_second: 40_000,
        frame_max_pixels: 500_000,
        proxy: ProxyChoice::Server(Url::parse("socks5://u:p@127.0.0.1:1080").unwrap()),
        logging: LoggingConfig { errors: Some(ErrorsConfig { enabled: true }), ..LoggingConfig::default() },
        interaction: InteractionConfig {
            enabled: true,
            track_every_ms: Some(9),
            ..InteractionConfig::default()
        },
        host_requests: HostRequests::Config,
        user_properties: Map::from_iter([("plan".to_owned(), "paid".into()), ("seats".to_owned(), 3.into())]),
        remember_opt_out: true,
        idle_timeout: Some(Duration::from_secs(4)),
        on_error_sample_rate: SampleRate::clamped(0.5),
        on_error_window: Duration::from_secs(30),
        capture_on_unhandled_error: false,
        replay_url: Some(ReplayUrlTemplate::parse("https://h/{replayId}").unwrap()),
    };
    assert_eq!(options, expected);
}

#[test]
fn the_host_makes_the_requests_that_the_word_names() {
    for (word, events, config) in
        [("none", false, false), ("events", true, false), ("config", false, true), ("all", true, true)]
    {
        let options = Options::from_json(&format!(r#"{{"hostRequests":"{word}"}}"#)).unwrap();
        let which = options.host_requests;
        assert_eq!((which.has_events(), which.has_config()), (events, config), "{word}");
    }
}

#[test]
fn a_session_has_one_owner() {
    for (segment, expected) in [
        ("", (Some(Duration::from_secs(2)), false)),
        (r#", "segment": null"#, (Some(Duration::from_secs(2)), false)),
        (r#", "segment": {"mode": "classic-cloud"}"#, (Some(Duration::from_secs(2)), false)),
        (r#", "segment": {}"#, (None, true)),
        (r#", "segment": {"mode": "actions"}"#, (None, true)),
        (r#", "segment": {"mode": "classic-device"}"#, (None, true)),
    ] {
        let options = Options::from_json(&format!(r#"{{"sessionTimeoutMs": 2000{segment}}}"#)).unwrap();
        assert_eq!((options.session_timeout, options.session_timeout_is_overruled), expected, "{segment}");
    }
    let options = Options::from_json(r#"{"sessionTimeoutMs": 0, "segment": {}}"#).unwrap();
    assert!(!options.session_timeout_is_overruled);
}

#[test]
fn who_uses_segment_is_segments_library() {
    let kind = |json: &str| Options::from_json(json).unwrap().library.kind;
    assert_eq!(kind("{}"), LibraryKind::Standalone);
    assert_eq!(kind(r#"{"segment":null}"#), LibraryKind::Standalone);
    assert_eq!(kind(r#"{"segment":{}}"#), LibraryKind::Segment);
    assert_eq!(kind(r#"{"segment":{},"library":{"version":"1"}}"#), LibraryKind::Segment);
    assert_eq!(kind(r#"{"segment":{},"library":{"type":"plugin"}}"#), LibraryKind::Plugin);
}

#[test]
fn names_the_key_that_is_unknown() {
    assert_eq!(error_of(r#"{"colour":1}"#), "unknown option \"colour\"");
    assert_eq!(
        error_of(r#"{"samplerate":1}"#),
        "unknown option \"samplerate\"; did you mean \"sampleRate\"?"
    );
    assert_eq!(error_of(r#"{"library":{"kind":"x"}}"#), "unknown option \"library.kind\"");
}

#[test]
fn names_the_key_whose_value_is_refused() {
    for (json, expected) in [
        (r#"{"sampleRate":1.5}"#, "option \"sampleRate\" must be a number from 0 to 1, but is 1.5"),
        (r#"{"sampleRate":"1"}"#, "option \"sampleRate\" must be a number from 0 to 1, but is \"1\""),
        (r#"{"serverZone":"MOON"}"#, "option \"serverZone\" must be one of \"US\", \"EU\", but is \"MOON\""),
        (
            r#"{"flushIntervalConfig":{"minIntervalMs":9}}"#,
            "option \"flushIntervalConfig.minIntervalMs\" must be a whole number from 10 to 600000, but is 9",
        ),
        (
            r#"{"flushIntervalConfig":{"minIntervalMs":50,"maxIntervalMs":40}}"#,
            "option \"flushIntervalConfig.maxIntervalMs\" must be at least minIntervalMs (50), but is 40",
        ),
        (
            r#"{"trackServerUrl":"ftp://x"}"#,
            "option \"trackServerUrl\" must be an http or https URL, but is \"ftp://x\"",
        ),
        (
            r#"{"trackServerUrl":"http://bücher.example"}"#,
            "option \"trackServerUrl\" must be an http or https URL, its host in ASCII (xn--…), but is \"http://bücher.example\"",
        ),
        (
            r#"{"segment":{"mode":"cloud"}}"#,
            "option \"segment.mode\" must be one of \"actions\", \"classic-device\", \"classic-cloud\", but is \"cloud\"",
        ),
        (
            r#"{"privacyConfig":{"maskSelector":[".a",1]}}"#,
            "option \"privacyConfig.maskSelector[1]\" must be a text of 1 to 4096 bytes, but is 1",
        ),
        (
            r#"{"privacyConfig":{"urlMaskLevels":[{"match":"x"}]}}"#,
            "option \"privacyConfig.urlMaskLevels[0]\" must be an object with \"match\" and \"maskLevel\", but is {\"match\":\"x\"}",
        ),
        (
            r#"{"privacyConfig":{"defaultMaskLevel":"high"}}"#,
            "option \"privacyConfig.defaultMaskLevel\" must be one of \"light\", \"medium\", \"conservative\", but is \"high\"",
        ),
        (r#"{"optOut":1}"#, "option \"optOut\" must be true or false, but is 1"),
    ] {
        assert_eq!(error_of(json), expected);
    }
    assert!(error_of(r#"{"deviceId":"a b"}"#).contains("holds the character ' ' at position 1"));
    assert!(error_of(r#"{"sessionId":-1}"#).contains("greater than 0"));
    assert!(error_of(r#"{"sessionId":1.5}"#).contains("\"sessionId\""));
    assert_eq!(
        error_of(r#"{"sessionId":9223372036854775808}"#),
        "option \"sessionId\" must be milliseconds since 1970, or a text, but is 9223372036854775808"
    );
    assert!(error_of("[1]").contains("must be a JSON object, but are an array"));
    assert!(error_of("{").contains("not valid JSON"));
}

#[test]
fn names_the_key_whose_value_no_reader_can_hold() {
    assert_eq!(
        error_of(r#"{"sampleRate":1e999}"#),
        "option \"sampleRate\" can't be read: number out of range"
    );
    assert!(error_of(r#"{"deviceId":"\ud800"}"#).starts_with("option \"deviceId\" can't be read: "));
    let deep = format!("{{\"library\":{}{}}}", "[".repeat(1_000), "]".repeat(1_000));
    assert!(error_of(&deep).starts_with("option \"library\" can't be read: recursion"));
}

#[test]
fn an_error_is_a_sentence_whatever_was_given() {
    let long = "k".repeat(1_000_000);
    for json in [format!("{{\"{long}\":1}}"), format!("{{\"logLevel\":\"{long}\"}}")] {
        assert!(error_of(&json).len() < 300, "{}", error_of(&json).len());
    }
}

#[test]
fn an_error_repeats_no_password() {
    for json in [
        r#"{"trackServerUrl":"ftp://user:hunter2@host/"}"#,
        r#"{"trackServerUrl":"user:hunter2@host"}"#,
        r#"{"configServerUrl":"http://user:hun ter2@host:port"}"#,
        r#"{"configServerUrl":{"url":"http://user:hunter2@host"}}"#,
        r#"{"trackServerUrl":["http://user:hunter2@host"]}"#,
        r#"{"logLevel":"http://user:hunter2@host"}"#,
        r#"{"http://user:hunter2@host":1}"#,
        &format!(r#"{{"trackServerUrl":"ftp://user:hunter2{}@host"}}"#, "x".repeat(500)),
    ] {
        let error = error_of(json);
        assert!(!error.contains("ter2"), "{error}");
    }
}

#[test]
fn a_proxy_is_a_word_or_a_url_of_a_kind_that_is_known() {
    let proxy = |value: &str| Options::from_json(&format!(r#"{{"proxy":{value}}}"#)).map(|it| it.proxy);
    assert_eq!(proxy(r#""system""#).unwrap(), ProxyChoice::System);
    assert_eq!(proxy(r#""none""#).unwrap(), ProxyChoice::None);
    for scheme in PROXY_SCHEMES {
        assert!(
            matches!(proxy(&format!(r#""{scheme}://h:1""#)).unwrap(), ProxyChoice::Server(_)),
            "{scheme}"
        );
    }
    for value in ["http://h:1/", "http://u:%2F%3F%23@h:1", "socks5://h:1/"] {
        assert!(matches!(proxy(&format!("\"{value}\"")).unwrap(), ProxyChoice::Server(_)), "{value}");
    }
    for value in [
        r#""""#,
        r#""direct""#,
        r#""h:1""#,
        r#""ftp://h:1""#,
        r#""http://""#,
        r#""http://u:pass#word@h:1""#,
        r#""http://u:/word@h:1""#,
        r#""http://u:1/word@h:1""#,
        r#""http://u:?word@h:1""#,
        r#""http://u:1#word@h:1""#,
        r#""http://u:1\\word@h:1""#,
        r#""socks5://u:/word@h:1""#,
        r#""socks5://u:1?word@h:1""#,
        "1",
        "{}",
    ] {
        let error = proxy(value).unwrap_err().to_string();
        assert!(
            error.contains("\"proxy\" must be \"system\", \"none\" or a URL like http://host:port"),
            "{error}"
        );
        assert!(!error.contains("word"), "{error}");
    }
}

#[test]
fn every_number_is_bounded_at_both_ends() {
    for (key, min, max) in [
        ("flushMaxRetries", 1, 100),
        ("maxPersistedEventsSizeBytes", 1_000, 9_000_000),
        ("maxSingleEventSizeBytes", 1_000, 9_000_000),
        ("sendTimeoutMs", 100, 120_000),
        ("storageLimitBytes", 4_000_000, 10_000_000_000_u64),
        ("sessionTimeoutMs", 1_000, 86_400_000),
        ("idleTimeoutMs", 1_000, 86_400_000),
        ("minSessionDurationMs", 0, 60_000),
        ("frameIntervalMs", 50, 60_000),
        ("frameBytesPerSecond", 1_000, 10_000_000),
        ("frameMaxPixels", 10_000, 4_000_000),
        ("onErrorWindowMs", 10_000, 300_000),
    ] {
        for good in [min, max] {
            assert!(Options::from_json(&format!("{{\"{key}\":{good}}}")).is_ok(), "{key} {good}");
        }
        for bad in [min as i64 - 1, max as i64 + 1] {
            let off = ["sessionTimeoutMs", "idleTimeoutMs"].contains(&key) && bad == 0;
            let message = Options::from_json(&format!("{{\"{key}\":{bad}}}"));
            assert!(off || message.unwrap_err().to_string().contains(key), "{key} {bad}");
        }
    }
}

#[test]
fn a_template_of_addresses_names_what_is_wrong_with_it() {
    for (template, named) in [("https://h/{device}", "{device}"), ("h", "http"), ("", "1 to 2048")] {
        let error = error_of(&format!(r#"{{"replayUrlTemplate":"{template}"}}"#));
        assert!(error.contains("replayUrlTemplate") && error.contains(named), "{error}");
    }
}
