//! `GET /config/<api key>?config_group=…`: answers as Amplitude's remote configuration does.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::reply::reply;
use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::faults::Target;
use crate::replay_id::ClaimedIds;
use crate::request_log::{LoggedRequest, Outcome, RequestKind};

pub(crate) async fn remote_config(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut record = LoggedRequest::new(RequestKind::Config, ArrivalTime::now(), &parts);
    let honest = if parts.method == Method::GET {
        let json = [(header::CONTENT_TYPE, "application/json")];
        (json, app.remote_config.get()).into_response()
    } else {
        record.outcome = Outcome::Rejected;
        record.error = Some(format!("the method is {}, not GET", parts.method));
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    };
    let fault = app.faults.take(Target::Config, &ClaimedIds::default());
    reply(&app, &parts, record, fault, honest).await
}
