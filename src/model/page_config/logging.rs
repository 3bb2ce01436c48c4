//! `loggingConfig`: what is recorded of the console, of requests and of errors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{is_on, read};
use crate::model::json::lenient;
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};

/// Bytes of a body where nobody says how many; the browser SDK's.
pub(crate) const DEFAULT_BODY_BYTES: u64 = 10_240;
/// More of a body is never kept.
pub(crate) const MAX_BODY_BYTES: u64 = 1_000_000;

/// `loggingConfig`: the console, requests, errors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct LoggingConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<ConsoleConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<ErrorsConfig>,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsoleConfig {
    pub enabled: bool,
    #[serde(default = "all_levels")]
    pub levels: Vec<ConsoleLevel>,
}

/// The levels that the browser SDK knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ConsoleLevel {
    Info,
    Log,
    Warn,
    Error,
}

/// Uncaught errors and unhandled rejections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ErrorsConfig {
    pub enabled: bool,
}

/// Requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NetworkConfig {
    pub enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<NameLists>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyConfig>,
}

/// Names of headers, in any case; `*` is any.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct NameLists {
    /// If it is not empty, no other header is kept.
    pub allowlist: Vec<String>,
    pub excludelist: Vec<String>,
}

/// What is kept of bodies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct BodyConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<BodyRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<BodyRule>,
    /// Bytes of UTF-8. Default: `DEFAULT_BODY_BYTES`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_body_size_bytes: Option<u64>,
}

/// Whether bodies are kept, and which members of JSON: paths as `/user/**`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "GivenBodyRule")]
pub(crate) struct BodyRule {
    pub enabled: bool,
    pub allowlist: Vec<String>,
    pub excludelist: Vec<String>,
}

/// As hosts and servers write it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "true, false, or an object with \"enabled\", \"allowlist\" and \"excludelist\""
)]
enum GivenBodyRule {
    Flag(bool),
    Lists {
        enabled: Option<bool>,
        #[serde(default)]
        allowlist: Vec<String>,
        #[serde(default)]
        excludelist: Vec<String>,
        /// Its old name.
        #[serde(default)]
        blocklist: Vec<String>,
    },
}

impl From<GivenBodyRule> for BodyRule {
    fn from(given: GivenBodyRule) -> Self {
        match given {
            GivenBodyRule::Flag(enabled) => Self { enabled, allowlist: vec![], excludelist: vec![] },
            GivenBodyRule::Lists { enabled, allowlist, excludelist, blocklist } => Self {
                enabled: enabled != Some(false),
                allowlist,
                excludelist: if excludelist.is_empty() { blocklist } else { excludelist },
            },
        }
    }
}

impl LoggingConfig {
    /// Reads an option, of which every member has to be right. The error says what is wrong.
    pub fn from_option(given: &Value) -> Result<Self, String> {
        let config = Self::deserialize(given).map_err(|error| error.to_string())?;
        let problem = config.lists().find_map(|list| list_problem(list));
        problem.map_or(Ok(config), Err)
    }

    /// Reads the server's `sr_logging_config` leniently: what is odd is passed over.
    pub fn from_remote(json: &str) -> Self {
        let given = lenient::value(json);
        let console = &given["console"];
        let network = &given["network"];
        let (headers, body) = (&network["headers"], &network["body"]);
        Self {
            console: console.is_object().then(|| ConsoleConfig {
                enabled: is_on(&console["enabled"]),
                levels: match console["levels"].as_array() {
                    Some(levels) => levels.iter().filter_map(read).collect(),
                    None => all_levels(),
                },
            }),
            network: network.is_object().then(|| NetworkConfig {
                enabled: is_on(&network["enabled"]),
                headers: headers.is_object().then(|| NameLists {
                    allowlist: names(&headers["allowlist"]),
                    excludelist: names(&headers["excludelist"]),
                }),
                body: body.is_object().then(|| BodyConfig {
                    request: remote_rule(&body["request"]),
                    response: remote_rule(&body["response"]),
                    max_body_size_bytes: read(&body["maxBodySizeBytes"]),
                }),
            }),
            errors: given["errors"]
                .is_object()
                .then(|| ErrorsConfig { enabled: is_on(&given["errors"]["enabled"]) }),
        }
    }

    /// Without the parts that are off.
    pub fn what_is_on(&self) -> Self {
        Self {
            console: self.console.clone().filter(|console| console.enabled),
            network: self.network.clone().filter(|network| network.enabled),
            errors: self.errors.clone().filter(|errors| errors.enabled),
        }
    }

    fn lists(&self) -> impl Iterator<Item = &Vec<String>> {
        let network = self.network.as_ref();
        let headers = network.and_then(|network| network.headers.as_ref());
        let body = network.and_then(|network| network.body.as_ref());
        let rules = body.into_iter().flat_map(|body| body.request.iter().chain(&body.response));
        let names = headers.into_iter().flat_map(|lists| [&lists.allowlist, &lists.excludelist]);
        names.chain(rules.flat_map(|rule| [&rule.allowlist, &rule.excludelist]))
    }
}

fn all_levels() -> Vec<ConsoleLevel> {
    vec![ConsoleLevel::Info, ConsoleLevel::Log, ConsoleLevel::Warn, ConsoleLevel::Error]
}

pub(super) fn remote_rule(given: &Value) -> Option<BodyRule> {
    match given {
        Value::Bool(enabled) => Some(BodyRule { enabled: *enabled, allowlist: vec![], excludelist: vec![] }),
        Value::Object(_) => {
            let (new, old) = (names(&given["excludelist"]), names(&given["blocklist"]));
            Some(BodyRule {
                enabled: given["enabled"] != false,
                allowlist: names(&given["allowlist"]),
                excludelist: if new.is_empty() { old } else { new },
            })
        }
        _ => None,
    }
}

/// The texts of a list that an option might have.
fn names(list: &Value) -> Vec<String> {
    let texts = list.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str);
    let texts = texts.filter(|text| (1..=MAX_SELECTOR_BYTES).contains(&text.len()));
    texts.take(MAX_SELECTORS).map(str::to_owned).collect()
}

fn list_problem(list: &[String]) -> Option<String> {
    if list.len() > MAX_SELECTORS {
        return Some(format!("a list of more than {MAX_SELECTORS}"));
    }
    let is_wrong = |text: &&String| !(1..=MAX_SELECTOR_BYTES).contains(&text.len());
    list.iter().find(is_wrong).map(|_| format!("a text that is not 1 to {MAX_SELECTOR_BYTES} bytes long"))
}
