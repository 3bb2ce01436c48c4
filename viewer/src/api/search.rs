//! `GET /api/search`: a page of the sessions that meet a query.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::error::{ApiError, off_the_workers};
use super::path::Query as UrlQuery;
use crate::app::App;
use crate::index::{Found, Page, Query};
use crate::replay_id::ReplayId;

/// Sessions of a page, when it is not said how many, and at most.
const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;
/// No zone is further from UTC.
const MAX_OFFSET_MINUTES: i32 = 24 * 60;

/// What is asked.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    offset: usize,
    limit: Option<usize>,
    /// `<device>/<session>`: the page that holds it, in place of one from `offset` on.
    around: Option<String>,
    #[serde(default)]
    utc_offset_minutes: i32,
}

pub(crate) async fn page(
    State(app): State<Arc<App>>,
    UrlQuery(asked): UrlQuery<Asked>,
) -> Result<Json<Found>, ApiError> {
    if asked.utc_offset_minutes.abs() > MAX_OFFSET_MINUTES {
        return Err(ApiError::bad("utc_offset_minutes is more than a day; write 60 for UTC+1"));
    }
    let query = Query::parse(&asked.q, asked.utc_offset_minutes).map_err(ApiError::bad)?;
    let limit = asked.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let page = match &asked.around {
        None => Page::At(asked.offset),
        Some(id) => Page::Around(around(id)?),
    };
    app.index.catch_up().await;
    let index = app.index.clone();
    // A hundred thousand sessions take a while to look at.
    off_the_workers(move || index.search(&query, &page, limit)).await.map(Json)
}

fn around(id: &str) -> Result<ReplayId, ApiError> {
    let parts = id.split_once('/').ok_or_else(|| ApiError::bad("around is not <device>/<session>"))?;
    ReplayId::new(parts.0, parts.1).map_err(ApiError::bad)
}
