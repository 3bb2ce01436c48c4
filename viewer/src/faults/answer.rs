//! A fault answers a request.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;

use super::queue::{Fault, Faults};
use super::reply::reply;
use crate::connection::{Connection, cut};
use crate::limits::Limits;

impl Faults {
    /// Misbehaves as `fault` says; `honest` is what would have been replied. Requests that wait have a limit of their own;
    /// one too many is cut at once.
    pub(crate) async fn answer(
        &self,
        fault: &Fault,
        limits: &Limits,
        connection: Option<&Arc<Connection>>,
        honest: Response,
    ) -> Response {
        let spec = &fault.spec;
        let Some(_held) = limits.hold(connection) else {
            return cut();
        };
        tokio::time::sleep(Duration::from_millis(spec.delay_ms)).await;
        if spec.hang {
            self.until_cleared(fault).await;
        }
        if !spec.lets_reply() {
            return cut();
        }
        if spec.makes_reply() { reply(spec) } else { honest }
    }
}
