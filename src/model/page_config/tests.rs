use serde_json::{Value, json};

use super::logging::remote_rule;
use super::*;
use crate::model::privacy::MAX_SELECTOR_BYTES;

fn told(logging: LoggingConfig, interaction: InteractionConfig) -> Value {
    let mut json = PageConfig { logging, interaction, ..PageConfig::default() }.to_json();
    json.as_object_mut().unwrap().remove("privacyConfig");
    json
}

#[test]
fn what_is_off_is_not_told() {
    assert_eq!(told(LoggingConfig::default(), InteractionConfig::default()), json!({}));
    let off = json!({ "console": { "enabled": false }, "network": { "enabled": false } });
    assert_eq!(told(LoggingConfig::from_option(&off).unwrap(), InteractionConfig::default()), json!({}));
}

#[test]
fn an_option_and_the_server_say_the_same_in_the_same_words() {
    let logging = json!({
        "console": { "enabled": true, "levels": ["warn", "error"] },
        "network": {
            "enabled": true,
            "headers": { "allowlist": ["Accept"], "excludelist": [] },
            "body": {
                "request": { "enabled": true, "allowlist": ["/a/**"], "excludelist": ["/b"] },
                "response": { "enabled": false, "allowlist": [], "excludelist": [] },
                "maxBodySizeBytes": 5,
            },
        },
        "errors": { "enabled": true },
    });
    let interaction = json!({
        "enabled": true, "batch": false, "trackEveryNms": 7,
        "ugcFilterRules": [{ "selector": "https://x/*", "replacement": "https://x/id" }],
    });
    let expected = json!({ "loggingConfig": logging, "interactionConfig": interaction });
    let option = LoggingConfig::from_option(&logging).unwrap();
    assert_eq!(told(option, InteractionConfig::from_option(&interaction).unwrap()), expected);
    let remote = LoggingConfig::from_remote(&logging.to_string());
    assert_eq!(told(remote, InteractionConfig::from_remote(&interaction.to_string())), expected);
}

#[test]
fn a_rule_about_bodies_has_several_forms() {
    let rule = |enabled, allow: &[&str], exclude: &[&str]| BodyRule {
        enabled,
        allowlist: allow.iter().map(ToString::to_string).collect(),
        excludelist: exclude.iter().map(ToString::to_string).collect(),
    };
    for (given, expected) in [
        (json!(true), rule(true, &[], &[])),
        (json!(false), rule(false, &[], &[])),
        (json!({}), rule(true, &[], &[])),
        (json!({ "enabled": false }), rule(false, &[], &[])),
        (json!({ "blocklist": ["/a"] }), rule(true, &[], &["/a"])),
        (json!({ "excludelist": ["/b"], "blocklist": ["/a"] }), rule(true, &[], &["/b"])),
        (json!({ "allowlist": ["/c"] }), rule(true, &["/c"], &[])),
    ] {
        assert_eq!(read::<BodyRule>(&given).unwrap(), expected, "{given}");
        assert_eq!(remote_rule(&given).unwrap(), expected, "{given}");
    }
}

#[test]
fn what_is_wrong_with_an_option_is_told() {
    let long = "x".repeat(MAX_SELECTOR_BYTES + 1);
    for (given, part) in [
        (json!({ "consol": {} }), "unknown field `consol`"),
        (json!({ "console": { "levels": [] } }), "missing field `enabled`"),
        (json!({ "console": { "enabled": true, "levels": ["debug"] } }), "unknown variant `debug`"),
        (json!({ "network": { "enabled": true, "body": { "request": 1 } } }), "true, false, or an object"),
        (json!({ "network": { "enabled": true, "headers": { "allowlist": [long] } } }), "1 to 4096 bytes"),
        (json!([1]), "invalid"),
    ] {
        let error = LoggingConfig::from_option(&given).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    for selector in ["", "x", "://x", "a b://x", "https://", "https://a b"] {
        let rules = json!({ "ugcFilterRules": [{ "selector": selector, "replacement": "" }] });
        assert!(InteractionConfig::from_option(&rules).unwrap_err().contains("has to begin with"));
    }
    for selector in ["/a b", "https://x", "app://my-shop/users/*", "*://x"] {
        let valid = json!({ "ugcFilterRules": [{ "selector": selector, "replacement": "" }] });
        assert!(InteractionConfig::from_option(&valid).is_ok(), "{selector}");
    }
}

#[test]
fn what_the_server_says_oddly_changes_nothing_else() {
    let config = LoggingConfig::from_remote(
        r#"{"console":{"enabled":true,"levels":["warn",1e999,"\ud800","trace"]},"network":{"enabled":1,"body":{"request":7}},"x":[1e999]}"#,
    );
    assert_eq!(config.console.unwrap().levels, [ConsoleLevel::Warn]);
    let network = config.network.unwrap();
    assert!(!network.enabled && network.body.unwrap().request.is_none());
    for odd in ["null", "1", "[]", "\"x\"", ""] {
        assert_eq!(LoggingConfig::from_remote(odd), LoggingConfig::default());
        assert_eq!(InteractionConfig::from_remote(odd), InteractionConfig::default());
    }
}

#[test]
fn the_server_replaces_interactions_but_not_the_rules_of_the_option() {
    let rule = |selector: &str| json!([{ "selector": selector, "replacement": "r" }]);
    let read = |given: Value| InteractionConfig::from_option(&given).unwrap();
    let local = read(json!({ "enabled": true, "batch": true, "ugcFilterRules": rule("/local") }));
    let remote = read(json!({ "enabled": true, "ugcFilterRules": rule("/remote") }));
    assert_eq!(
        local.replaced_by(Some(&remote)),
        read(json!({ "enabled": true, "ugcFilterRules": rule("/local") }))
    );
    assert_eq!(local.replaced_by(None), read(json!({ "ugcFilterRules": rule("/local") })));
    assert_eq!(InteractionConfig::default().replaced_by(Some(&remote)), remote);
}
