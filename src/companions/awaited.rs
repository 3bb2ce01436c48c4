//! Log lines, requests and addresses that were recorded while the remote configuration was awaited: by the options, since nothing
//! else was known. They leave the process by what the configuration says, once it is known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::body::{self, BodyRule};
use super::request::Kept;
use super::{CONSOLE_PLUGIN, REQUEST_TAG, address, headers, takes_requests};
use crate::model::event::{CUSTOM, META, PLUGIN};
use crate::model::page_config::{ConsoleConfig, ConsoleLevel, PageConfig, UgcFilterRule};
use crate::model::{address_filter, json};

/// The name of the plugin by which a page's address is told, as the browser SDK has it.
const ADDRESS_PLUGIN: &str = "amplitude/url-tracking@1";

/// What becomes of an event that was recorded by the options alone.
#[derive(Debug, PartialEq)]
pub(crate) enum Decided {
    /// It travels as it is.
    AsItIs,
    /// It travels with this data.
    With(String),
    /// It does not travel.
    NotTaken,
}

/// By this configuration, which is known now. `data` is that of an event of this type.
pub(crate) fn decide(type_number: f64, data: &str, config: &PageConfig) -> Decided {
    #[derive(Deserialize)]
    struct Data<'d> {
        #[serde(borrow, default)]
        tag: Cow<'d, str>,
        #[serde(borrow, default)]
        plugin: Cow<'d, str>,
        #[serde(borrow)]
        payload: &'d RawValue,
    }
    let rules = &*config.interaction.ugc_filter_rules;
    if type_number == META {
        return with_address(data, data, "href", rules).map_or(Decided::AsItIs, Decided::With);
    }
    if type_number != CUSTOM && type_number != PLUGIN {
        return Decided::AsItIs;
    }
    let Ok(Data { tag, plugin, payload }) = serde_json::from_str::<Data>(data) else {
        return Decided::AsItIs;
    };
    if type_number == PLUGIN && plugin == ADDRESS_PLUGIN {
        return with_address(data, payload.get(), "href", rules).map_or(Decided::AsItIs, Decided::With);
    }
    let is_line = type_number == PLUGIN && plugin == CONSOLE_PLUGIN;
    let is_request = type_number == CUSTOM && tag == REQUEST_TAG;
    if !is_line && !is_request {
        return Decided::AsItIs;
    }
    // What can't be read can't be decided on.
    let Ok(payload) = serde_json::from_str::<Map<String, Value>>(payload.get()) else {
        return Decided::NotTaken;
    };
    match is_line {
        true if takes_line(&payload, config.logging.console.as_ref()) => Decided::AsItIs,
        false if takes_requests(config.logging.network.as_ref()) => {
            Decided::With(json!({"tag": REQUEST_TAG, "payload": narrowed(payload, config)}).to_string())
        }
        _ => Decided::NotTaken,
    }
}

/// The address of the page in an interaction, by this configuration; `None`: as it is.
pub(crate) fn interaction_with_address(json: &str, config: &PageConfig) -> Option<String> {
    with_address(json, json, "pageUrl", &config.interaction.ugc_filter_rules)
}

/// `json` with the address that is this member of `holder`, a part of it, as it may be told; `None` where that is the same.
fn with_address(json: &str, holder: &str, member: &str, rules: &[UgcFilterRule]) -> Option<String> {
    if rules.is_empty() {
        return None;
    }
    let [written] = json::members(holder, [member]).ok()?;
    let address = json::text(written?)?;
    let told = address_filter::filtered(&address, rules);
    let range = json::range_in(written?, json);
    (told != address).then(|| [&json[..range.start], &json!(told).to_string(), &json[range.end..]].concat())
}

fn takes_line(payload: &Map<String, Value>, console: Option<&ConsoleConfig>) -> bool {
    let level = payload.get("level").and_then(|level| ConsoleLevel::deserialize(level).ok());
    console
        .is_none_or(|console| console.enabled && level.is_some_and(|level| console.levels.contains(&level)))
}

/// The request with no more of it than is kept.
fn narrowed(mut request: Map<String, Value>, config: &PageConfig) -> Map<String, Value> {
    let kept = Kept::by(config.logging.network.as_ref());
    if let Some(Value::String(url)) = request.get_mut("url") {
        *url = address::filtered(url, &config.interaction.ugc_filter_rules);
    }
    for (headers, body, rule) in [
        ("requestHeaders", "requestBody", kept.request_body),
        ("responseHeaders", "responseBody", kept.response_body),
    ] {
        narrow_body(&mut request, [headers, body], rule, kept.max_bytes);
        if let Some(value) = request.get_mut(headers) {
            let read = BTreeMap::<String, String>::deserialize(&*value).unwrap_or_default();
            let read = read.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
            *value = json!(headers::kept(&read, kept.headers));
        }
    }
    request
}

fn narrow_body(
    request: &mut Map<String, Value>,
    [headers, name]: [&str; 2],
    rule: BodyRule,
    max_bytes: usize,
) {
    let status_name = format!("{name}Status");
    let body = request.remove(name);
    if rule == BodyRule::Nothing {
        request.remove(&status_name);
        return;
    }
    let Some(body) = body.as_ref().and_then(Value::as_str) else { return };
    let content_type = request.get(headers).and_then(|headers| headers.get("content-type")?.as_str());
    let Some((body, status)) = body::captured(Some(body.as_bytes()), content_type, rule, max_bytes) else {
        return;
    };
    // What was cut before is, whatever is left of it now.
    if let Some(before) =
        request.get_mut(&status_name).filter(|before| *before == "captured" || body.is_none())
    {
        *before = json!(status);
    }
    if let Some(body) = body {
        request.insert(name.to_owned(), Value::String(body));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page_config::{InteractionConfig, LoggingConfig};

    fn config(logging: &Value) -> PageConfig {
        let rules = json!([{"selector": "https://h/users/*", "replacement": "https://h/users/id"}]);
        PageConfig {
            logging: LoggingConfig::from_option(logging).unwrap(),
            interaction: InteractionConfig::from_option(&json!({"ugcFilterRules": rules})).unwrap(),
            ..PageConfig::default()
        }
    }

    #[test]
    fn a_line_is_taken_by_its_level() {
        for (logging, level, expected) in [
            (json!({}), "info", Decided::AsItIs),
            (json!({"console": {"enabled": false}}), "error", Decided::NotTaken),
            (json!({"console": {"enabled": true, "levels": ["error"]}}), "error", Decided::AsItIs),
            (json!({"console": {"enabled": true, "levels": ["error"]}}), "log", Decided::NotTaken),
            (json!({"console": {"enabled": true}}), "debug", Decided::NotTaken),
        ] {
            let data =
                json!({"plugin": CONSOLE_PLUGIN, "payload": {"level": level, "payload": []}}).to_string();
            assert_eq!(decide(6.0, &data, &config(&logging)), expected, "{logging} {level}");
        }
    }

    #[test]
    fn of_a_request_no_more_is_left_than_is_kept() {
        let recorded = json!({
            "type": "xhr", "url": "https://h/users/7", "requestHeaders": {"X-Own": "1", "vary": "z"},
            "requestBody": r#"{"a":1,"b":2}"#, "responseHeaders": {"x-own": "2"}, "responseBody": "text",
            "responseBodyStatus": "truncated",
        });
        let base = json!({"type": "xhr", "url": "https://h/users/id"});
        for (network, expected) in [
            (json!(null), json!({"requestHeaders": {"vary": "z"}, "responseHeaders": {}})),
            (
                json!({"enabled": true}),
                json!({"requestHeaders": {"x-own": "1", "vary": "z"}, "responseHeaders": {"x-own": "2"}}),
            ),
            (
                json!({"enabled": true, "headers": {"allowlist": ["x-own"]},
                       "body": {"request": {"allowlist": ["/a"]}, "response": true}}),
                json!({"requestHeaders": {"x-own": "1"}, "responseHeaders": {"x-own": "2"}, "requestBody": r#"{"a":1}"#,
                       "responseBody": "text", "responseBodyStatus": "truncated"}),
            ),
            (
                json!({"enabled": true, "headers": {"excludelist": ["x-own"]}, "body": {"response": {"allowlist": ["/a"]}}}),
                json!({"requestHeaders": {"vary": "z"}, "responseHeaders": {}, "responseBodyStatus": "skipped_unparsed"}),
            ),
        ] {
            let logging = if network.is_null() { json!({}) } else { json!({ "network": network }) };
            let data = json!({"tag": REQUEST_TAG, "payload": recorded}).to_string();
            let Decided::With(data) = decide(5.0, &data, &config(&logging)) else { panic!("{logging}") };
            let mut expected = expected.clone();
            expected.as_object_mut().unwrap().extend(base.as_object().unwrap().clone());
            assert_eq!(serde_json::from_str::<Value>(&data).unwrap()["payload"], expected, "{logging}");
        }
        let off = config(&json!({"network": {"enabled": false}}));
        let data = json!({"tag": REQUEST_TAG, "payload": recorded}).to_string();
        assert_eq!(decide(5.0, &data, &off), Decided::NotTaken);
    }

    #[test]
    fn addresses_travel_as_the_rules_have_them() {
        let config = config(&json!({}));
        for (type_number, data, expected) in [
            (
                4.0,
                r#"{"href":"https://h/users/7","width":1}"#,
                Some(r#"{"href":"https://h/users/id","width":1}"#),
            ),
            (4.0, r#"{"href":"https://h/shop","width":1}"#, None),
            (
                6.0,
                r#"{"plugin":"amplitude/url-tracking@1","payload":{"title":"a","href":"https:\/\/h\/users\/7"}}"#,
                Some(
                    r#"{"plugin":"amplitude/url-tracking@1","payload":{"title":"a","href":"https://h/users/id"}}"#,
                ),
            ),
            (6.0, r#"{"plugin":"other","payload":{"href":"https://h/users/7"}}"#, None),
            (3.0, r#"{"href":"https://h/users/7"}"#, None),
        ] {
            let expected = expected.map_or(Decided::AsItIs, |data| Decided::With(data.to_owned()));
            assert_eq!(decide(type_number, data, &config), expected, "{data}");
        }
        let click = r#"{"pageUrl":"https://h/users/7","x":1}"#;
        let told = r#"{"pageUrl":"https://h/users/id","x":1}"#;
        assert_eq!(interaction_with_address(click, &config).as_deref(), Some(told));
        assert_eq!(interaction_with_address(told, &config), None);
    }

    #[test]
    fn all_else_travels_as_it_is() {
        let off = config(&json!({"network": {"enabled": false}, "console": {"enabled": false}}));
        for (type_number, data) in [
            (3.0, r#"{"plugin":"rrweb/console@1","payload":{}}"#),
            (5.0, r#"{"plugin":"rrweb/console@1","payload":{}}"#),
            (5.0, r#"{"tag":"other","payload":{}}"#),
            (6.0, r#"{"tag":"fetch-request","payload":{}}"#),
            (5.0, "{}"),
        ] {
            assert_eq!(decide(type_number, data, &off), Decided::AsItIs, "{data}");
        }
        let odd = r#"{"tag":"fetch\u002drequest","payload":7}"#;
        assert_eq!(decide(5.0, odd, &off), Decided::NotTaken);
    }
}
