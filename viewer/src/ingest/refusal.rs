//! Why a request was refused, and the reply that says so.

use axum::http::StatusCode;

/// A refused request: the status it gets and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) problems: Vec<String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, problem: String) -> Self {
        Self { status, problems: vec![problem] }
    }

    /// A request that the ingest would answer with 400.
    pub(super) fn bad(problem: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem)
    }

    /// A body over the limit; the words are those that make the SDK split the batch.
    pub(super) fn too_large(limit: usize) -> Self {
        let problem = format!("Payload exceeds the maximum allowed size of {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, problem)
    }

    /// The reply's body: `{"error":"…","problems":["…"]}`.
    pub(super) fn body(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.problems.join("; "), "problems": self.problems })
    }
}
