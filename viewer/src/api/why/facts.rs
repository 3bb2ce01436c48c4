//! What the checks are made from.

use crate::index::Totals;
use crate::store::{KeptOutcome, KeptRequest, RefusedRequest};

/// What is known about a device, or one session of it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What is wrong with the ids themselves.
    pub(super) bad_ids: Option<String>,
    pub(super) nearby: Nearby,
    /// The last request for remote configuration of whatever device, before the last batch where there is one.
    pub(super) configuration: Option<KeptRequest>,
    /// Of the session, or of all of the device.
    pub(super) totals: Totals,
    /// What the first accepted batch said of its sample rate.
    pub(super) sample_rate: Option<f64>,
    /// What was refused, faulted or failed, oldest first.
    pub(super) requests: Vec<BadRequest>,
    /// What the armed faults do that fit the next batch.
    pub(super) armed: Vec<String>,
}

/// Ids that are almost those that were asked for.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    /// Other sessions of the device, as far as they are needed.
    pub(super) sessions: Vec<String>,
    /// Other devices that have this session.
    pub(super) devices: Vec<String>,
    /// Devices that differ by case or white space.
    pub(super) similar: Vec<String>,
}

/// A request that was refused, faulted or failed.
#[derive(Debug, Clone)]
pub(super) struct BadRequest {
    pub(super) at: u64,
    pub(super) session_id: String,
    pub(super) outcome: KeptOutcome,
    pub(super) status: Option<u16>,
    pub(super) problems: Vec<String>,
    pub(super) fault: Option<String>,
    pub(super) skip: Option<String>,
    pub(super) stored: bool,
    pub(super) from: Option<String>,
}

impl From<KeptRequest> for BadRequest {
    fn from(kept: KeptRequest) -> Self {
        let KeptRequest { at, session_id, outcome, status, problems, fault, skip, stored, from, .. } = kept;
        Self { at, session_id, outcome, status, problems, fault, skip, stored, from }
    }
}

impl BadRequest {
    pub(super) fn refused(session_id: &str, refused: RefusedRequest) -> Self {
        Self {
            at: refused.at,
            session_id: session_id.to_owned(),
            outcome: KeptOutcome::Rejected,
            status: Some(refused.status),
            problems: refused.problems,
            fault: None,
            skip: None,
            stored: false,
            from: None,
        }
    }
}
