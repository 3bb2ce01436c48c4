//! The end of every request that an SDK makes: it is logged, and replied to as it deserves or as a fault wants it.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::response::Response;

use super::keep::keep;
use crate::app::App;
use crate::faults::Fault;
use crate::request_log::{LoggedRequest, Outcome};

/// `honest` is the reply that the request deserves.
pub(super) async fn reply(
    app: &Arc<App>,
    parts: &Parts,
    mut record: LoggedRequest,
    fault: Option<Fault>,
    honest: Response,
) -> Response {
    let Some(fault) = fault else {
        record.status = Some(honest.status().as_u16());
        keep(app, &record, None).await;
        app.log.add(record);
        return honest;
    };
    record.outcome = Outcome::Faulted;
    record.fault = Some(fault.id);
    record.status = fault.spec.status_sent(honest.status()).map(|status| status.as_u16());
    keep(app, &record, Some(&fault.spec)).await;
    app.log.add(record);
    app.faults.answer(&fault, &app.limits, parts.extensions.get(), honest).await
}
