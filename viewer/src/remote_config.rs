//! The answer to remote configuration requests, which can be changed at run time.

use std::sync::Arc;

use axum::extract::{Request as HttpRequest, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use parking_lot::RwLock;
use serde_json::{Map, Value};

use crate::app::App;
use crate::clock::now_millis;
use crate::faults::{Plan, Target};
use crate::request_log::{Outcome, Request, headers_to_show};

/// Capture everything.
const DEFAULT: &str =
    r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"sample_rate":1,"capture_enabled":true}}}}"#;

/// A remote configuration that is not a JSON object.
#[derive(Debug, thiserror::Error)]
#[error("the remote configuration must be a JSON object: {0}")]
pub struct InvalidRemoteConfig(String);

/// The current answer.
#[derive(Debug)]
pub(crate) struct RemoteConfig {
    answer: RwLock<Bytes>,
}

impl RemoteConfig {
    pub(crate) fn new(text: Option<&str>) -> Result<Self, InvalidRemoteConfig> {
        let answer = match text {
            Some(text) => whole_answer(text.as_bytes())?,
            None => Bytes::from_static(DEFAULT.as_bytes()),
        };
        Ok(Self { answer: RwLock::new(answer) })
    }

    pub(crate) fn get(&self) -> Bytes {
        self.answer.read().clone()
    }

    pub(crate) fn set(&self, text: &[u8]) -> Result<(), InvalidRemoteConfig> {
        *self.answer.write() = whole_answer(text)?;
        Ok(())
    }
}

/// `GET /config/<api key>?config_group=…`.
pub(crate) async fn answer(State(app): State<Arc<App>>, request: HttpRequest) -> Response {
    let (parts, _) = request.into_parts();
    let headers = headers_to_show(&parts.headers);
    let mut record = Request::new("config", now_millis(), &parts, headers);
    let honest = if parts.method == Method::GET {
        let json = [(header::CONTENT_TYPE, "application/json")];
        (json, app.remote_config.get()).into_response()
    } else {
        record.outcome = Outcome::Rejected;
        record.error = Some(format!("the method is {}, not GET", parts.method));
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    };
    let Some(fault) = app.faults.take(Target::Config, "", "") else {
        record.status = Some(honest.status().as_u16());
        app.log.add(record);
        return honest;
    };
    record.outcome = Outcome::Faulted;
    record.fault = Some(fault.id);
    record.status = match fault.plan(honest.status().as_u16()) {
        Plan::Reply(status) => Some(status),
        Plan::Silence => None,
    };
    app.log.add(record);
    fault.answer(&app, &parts, honest).await
}

/// Takes a whole answer as it is, and wraps what is only the `sessionReplay` part of one.
fn whole_answer(text: &[u8]) -> Result<Bytes, InvalidRemoteConfig> {
    let object: Map<String, Value> =
        serde_json::from_slice(text).map_err(|error| InvalidRemoteConfig(error.to_string()))?;
    if object.contains_key("configs") {
        return Ok(Bytes::copy_from_slice(text));
    }
    let wrapped = serde_json::json!({ "configs": { "sessionReplay": object } });
    Ok(Bytes::from(wrapped.to_string()))
}
