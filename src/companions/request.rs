//! An HTTP request of a program, as the browser SDK writes one of a page.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address;
use super::body::{self, BodyRule, BodyStatus};
use super::cut;
use super::headers::{self, HeaderRule};
use super::limits::{MAX_ERROR_BYTES, MAX_METHOD_BYTES};
use super::secrets::cut_masked;
use crate::model::page_config::{
    BodyRule as Configured, DEFAULT_BODY_BYTES, MAX_BODY_BYTES, NameLists, NetworkConfig, UgcFilterRule,
};

/// The name of the custom event.
pub(crate) const REQUEST_TAG: &str = "fetch-request";

/// A request that has ended, well or not.
#[derive(Debug, Default, Clone, Copy)]
pub struct RequestInfo<'a> {
    /// Like `GET`, which is what an empty one means.
    pub method: &'a str,
    /// Where it went.
    pub url: &'a str,
    /// When it began, in milliseconds since 1970.
    pub started_ms: i64,
    /// How long it took until its response was there.
    pub duration_ms: u64,
    /// Of the response; 0: there was none.
    pub status: u32,
    /// `Name: value` a line.
    pub request_headers: &'a str,
    /// The same of the response.
    pub response_headers: &'a str,
    /// What was sent.
    pub request_body: Option<&'a [u8]>,
    /// What came back.
    pub response_body: Option<&'a [u8]>,
    /// Why there is no response.
    pub error: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    timestamp: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    method: &'a str,
    url: String,
    request_headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u32>,
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_body_status: Option<BodyStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

#[derive(Serialize)]
struct Problem {
    name: &'static str,
    message: String,
}

/// Whether requests are recorded. A host that tells of one wants it recorded, unless the configuration says otherwise.
pub(crate) fn takes_requests(network: Option<&NetworkConfig>) -> bool {
    network.is_none_or(|network| network.enabled)
}

/// What the event says. Where nothing is configured, the headers that are safe and no body; secrets never.
pub(crate) fn request_payload(
    request: &RequestInfo,
    network: Option<&NetworkConfig>,
    rules: &[UgcFilterRule],
) -> String {
    let Kept { headers: rule, request_body, response_body, max_bytes } = Kept::by(network);
    let body = |body, headers: &BTreeMap<String, String>, rule| {
        body::captured(body, headers.get("content-type").map(String::as_str), rule, max_bytes)
    };
    let (sent, received) = (headers::read(request.request_headers), headers::read(request.response_headers));
    let request_body = body(request.request_body, &sent, request_body);
    let response_body = body(request.response_body, &received, response_body);
    let has_response = request.status != 0;
    let payload = Payload {
        timestamp: request.started_ms,
        kind: "fetch",
        method: if request.method.is_empty() { "GET" } else { cut(request.method, MAX_METHOD_BYTES).0 },
        url: address::filtered(request.url, rules),
        request_headers: headers::kept(&sent, rule),
        request_body: request_body.and_then(|(body, _)| body),
        status: has_response.then_some(request.status),
        duration: request.duration_ms,
        response_headers: has_response.then(|| headers::kept(&received, rule)),
        response_body_status: response_body.as_ref().map(|(_, status)| *status),
        response_body: response_body.and_then(|(body, _)| body),
        error: request.error.map(problem),
    };
    serde_json::to_string(&payload).unwrap_or_else(|_| "{}".to_owned())
}

/// What is kept of a request.
pub(super) struct Kept<'a> {
    pub headers: HeaderRule<'a>,
    pub request_body: BodyRule<'a>,
    pub response_body: BodyRule<'a>,
    pub max_bytes: usize,
}

impl<'a> Kept<'a> {
    /// By this configuration; where there is none, the headers that are safe and no body.
    pub fn by(network: Option<&'a NetworkConfig>) -> Self {
        static EVERY: NameLists = NameLists { allowlist: Vec::new(), excludelist: Vec::new() };
        let bodies = network.and_then(|network| network.body.as_ref());
        let max_bytes = bodies.and_then(|bodies| bodies.max_body_size_bytes).unwrap_or(DEFAULT_BODY_BYTES);
        Self {
            headers: match network {
                None => HeaderRule::Safe,
                Some(network) => HeaderRule::Lists(network.headers.as_ref().unwrap_or(&EVERY)),
            },
            request_body: body_rule(bodies.and_then(|bodies| bodies.request.as_ref())),
            response_body: body_rule(bodies.and_then(|bodies| bodies.response.as_ref())),
            max_bytes: max_bytes.min(MAX_BODY_BYTES) as usize,
        }
    }
}

fn body_rule(configured: Option<&Configured>) -> BodyRule<'_> {
    match configured.filter(|rule| rule.enabled) {
        None => BodyRule::Nothing,
        Some(rule) if rule.allowlist.is_empty() && rule.excludelist.is_empty() => BodyRule::Whole,
        Some(Configured { allowlist, excludelist, .. }) => BodyRule::Members { allowlist, excludelist },
    }
}

fn problem(message: &str) -> Problem {
    Problem { name: "NetworkError", message: cut_masked(message, MAX_ERROR_BYTES).0 }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::page_config::LoggingConfig;

    const REQUEST: RequestInfo = RequestInfo {
        method: "POST",
        url: "https://u:p@api.example.com/users/7?token=abc",
        started_ms: 1_732_300_000_000,
        duration_ms: 12,
        status: 201,
        request_headers: "Content-Type: application/json\r\nAuthorization: Bearer abcdefgh\r\nX-Own: 1\r\n",
        response_headers: "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nSet-Cookie: a=b\r\n",
        request_body: Some(br#"{"name":"ann","password":"hunter2","nr":1}"#),
        response_body: Some(br#"{"id":7,"token":"abc"}"#),
        error: None,
    };

    fn told(request: &RequestInfo, network: Value, rules: Value) -> Value {
        let network = LoggingConfig::from_option(&json!({ "network": network })).unwrap().network;
        let rules: Vec<UgcFilterRule> = serde_json::from_value(rules).unwrap();
        assert!(takes_requests(network.as_ref()));
        serde_json::from_str(&request_payload(request, network.as_ref(), &rules)).unwrap()
    }

    #[test]
    fn where_nothing_is_configured_safe_headers_and_no_body() {
        let payload = request_payload(&REQUEST, None, &[]);
        assert_eq!(
            serde_json::from_str::<Value>(&payload).unwrap(),
            json!({
                "timestamp": 1_732_300_000_000_i64, "type": "fetch", "method": "POST", "status": 201, "duration": 12,
                "url": "https://********@api.example.com/users/7?token=********",
                "requestHeaders": {"content-type": "application/json"},
                "responseHeaders": {"content-type": "application/json"},
            })
        );
    }

    #[test]
    fn what_is_configured_is_kept_and_secrets_never() {
        let network = json!({
            "enabled": true,
            "headers": {"excludelist": ["content-type"]},
            "body": {"request": {"excludelist": ["/nr"]}, "response": true, "maxBodySizeBytes": 19},
        });
        let rules = json!([{"selector": "https://*/users/*", "replacement": "https://api/users/{id}"}]);
        let request = RequestInfo { request_body: Some(br#"{"nr":1,"a":2}"#), ..REQUEST };
        assert_eq!(
            told(&request, network, rules),
            json!({
                "timestamp": 1_732_300_000_000_i64, "type": "fetch", "method": "POST", "status": 201, "duration": 12,
                "url": "https://api/users/{id}",
                "requestHeaders": {"authorization": "********", "x-own": "1"}, "requestBody": r#"{"a":2}"#,
                "responseHeaders": {"set-cookie": "********"},
                "responseBody": r#"{"id":7,"token":"**"#, "responseBodyStatus": "truncated",
            })
        );
    }

    #[test]
    fn a_request_without_a_response() {
        let request = RequestInfo {
            method: "",
            status: 0,
            error: Some("no route to http://u:p@host/"),
            request_headers: "",
            ..REQUEST
        };
        assert_eq!(
            serde_json::from_str::<Value>(&request_payload(&request, None, &[])).unwrap(),
            json!({
                "timestamp": 1_732_300_000_000_i64, "type": "fetch", "method": "GET", "duration": 12,
                "url": "https://********@api.example.com/users/7?token=********", "requestHeaders": {},
                "error": {"name": "NetworkError", "message": "no route to http://********@host/"},
            })
        );
    }

    #[test]
    fn no_part_of_a_request_is_cut_so_that_a_secret_shows() {
        for secret in ["Bearer hunter2", "eyJodW50.ZXIy.hunter2", "http://hunter2:hunter2@host/"] {
            for length in 0..secret.len() + 4 {
                let text = |max: usize| format!("{} {secret} x", "x".repeat(max - length));
                let error = text(MAX_ERROR_BYTES);
                let headers = format!("X-Own: {}", text(super::super::limits::MAX_HEADER_BYTES));
                let url = format!("https://host/{}/{secret}/x", "x".repeat(8_192 - 13 - length));
                let request = RequestInfo {
                    url: &url,
                    error: Some(&error),
                    request_headers: &headers,
                    ..RequestInfo::default()
                };
                let every = NetworkConfig { enabled: true, headers: None, body: None };
                let payload = request_payload(&request, Some(&every), &[]);
                let payload: Value = serde_json::from_str(&payload).unwrap();
                for kept in [&payload["error"]["message"], &payload["requestHeaders"]["x-own"]] {
                    let kept = kept.as_str().unwrap();
                    assert!(!kept.contains("hun") && !kept.contains("eyJ"), "{kept}");
                }
                // In a path a token alone shows by itself that it is secret.
                assert!(!payload["url"].as_str().unwrap().contains("eyJ"), "{}", payload["url"]);
            }
        }
    }

    #[test]
    fn a_body_is_kept_by_rule_alone() {
        for (body, expected) in [
            (json!({}), [json!(null), json!(null)]),
            (
                json!({"request": false, "response": {"enabled": false, "allowlist": ["/id"]}}),
                [json!(null), json!(null)],
            ),
            (json!({"response": {"allowlist": ["/id"]}}), [json!(null), json!(r#"{"id":7}"#)]),
            (
                json!({"request": true}),
                [json!(r#"{"name":"ann","password":"********","nr":1}"#), json!(null)],
            ),
        ] {
            let payload = told(&REQUEST, json!({"enabled": true, "body": body}), json!([]));
            assert_eq!(
                [&payload["requestBody"], &payload["responseBody"]],
                [&expected[0], &expected[1]],
                "{body}"
            );
        }
    }

    #[test]
    fn is_recorded_unless_it_is_configured_that_it_is_not() {
        for (logging, expected) in [
            (json!({}), true),
            (json!({"console": {"enabled": false}}), true),
            (json!({"network": {"enabled": true}}), true),
            (json!({"network": {"enabled": false}}), false),
        ] {
            let network = LoggingConfig::from_option(&logging).unwrap().network;
            assert_eq!(takes_requests(network.as_ref()), expected, "{logging}");
        }
    }
}
