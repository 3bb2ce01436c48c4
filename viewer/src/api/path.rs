//! What a path and a query speak of. What can't be read is answered in JSON, as everything else is.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query as UrlQuery};
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::replay_id::{DeviceId, ReplayId};

/// What ids follow in paths.
const BEFORE_IDS: [&str; 3] = ["sessions", "devices", "why"];

/// The ids of a path, decoded and unchecked. They may be anything: what is no text holds a character that no id has.
#[derive(Debug)]
pub(crate) struct Ids {
    pub(super) device: String,
    pub(super) session: Option<String>,
}

impl Ids {
    pub(super) fn replay(&self) -> Result<ReplayId, ApiError> {
        ReplayId::new(&self.device, self.session.as_deref().unwrap_or_default()).map_err(ApiError::bad)
    }

    pub(super) fn device(self) -> Result<DeviceId, ApiError> {
        DeviceId::try_from(self.device).map_err(ApiError::bad)
    }

    fn of(path: &str) -> Self {
        let mut parts = path.split('/').skip_while(|part| !BEFORE_IDS.contains(part)).skip(1);
        let mut next = || parts.next().map(|id| percent_decode_str(id).decode_utf8_lossy().into_owned());
        Self { device: next().unwrap_or_default(), session: next() }
    }
}

impl<S: Sync> FromRequestParts<S> for Ids {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.path()))
    }
}

/// What a query says.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let UrlQuery(read) =
            UrlQuery::try_from_uri(&parts.uri).map_err(|rejection| ApiError::bad(rejection.body_text()))?;
        Ok(Self(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_paths_whatever_they_are() {
        for (path, device, session) in [
            ("/sessions/d/s", "d", Some("s")),
            ("/api/sessions/sessions/why/events", "sessions", Some("why")),
            ("/devices/a%7Cb", "a|b", None),
            ("/why/%ff/%25", "\u{fffd}", Some("%")),
            ("/why//", "", Some("")),
        ] {
            let ids = Ids::of(path);
            assert_eq!((ids.device.as_str(), ids.session.as_deref()), (device, session), "{path}");
        }
    }
}
