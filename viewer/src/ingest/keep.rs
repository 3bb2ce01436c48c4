//! What of a request is kept for "why is there no replay?", and what of it a batch or a refused request tells already.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::faults::FaultSpec;
use crate::remote_config::ConfigAnswer;
use crate::request_log::{LoggedRequest, Outcome, RequestKind};
use crate::store::{KeptOutcome, KeptRequest};

/// A slow store holds no reply up for longer: an SDK waits a second for its configuration.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// Keeps the request where nothing else does. A store that fails is told of by the batches it does not take.
pub(super) async fn keep(app: &Arc<App>, record: &LoggedRequest, fault: Option<&FaultSpec>) {
    let is_configuration = record.kind == RequestKind::Config;
    if !is_configuration && !is_only_here(record) {
        return;
    }
    let Some(permit) = app.limits.keep() else { return };
    let answered =
        is_configuration && record.status == Some(200) && fault.is_none_or(FaultSpec::leaves_reply);
    let answer = answered.then(|| ConfigAnswer::of(&app.remote_config.get()));
    let request = kept(record, fault, answer);
    let app = Arc::clone(app);
    let arrived = app.store.arrival();
    let writing = tokio::spawn(async move {
        let _permit = permit;
        let kept = &app.store.kept;
        if is_configuration {
            kept.add_configuration(arrived, request).await
        } else {
            kept.add(arrived, request).await
        }
    });
    let _ = tokio::time::timeout(MAX_WAIT, writing).await;
}

/// Whether neither a batch nor a refused request of a session tells of it.
fn is_only_here(record: &LoggedRequest) -> bool {
    match record.outcome {
        Outcome::Accepted => false,
        Outcome::Rejected => record.ids.check().is_err(),
        Outcome::Faulted | Outcome::Failed => true,
    }
}

fn kept(record: &LoggedRequest, fault: Option<&FaultSpec>, answer: Option<ConfigAnswer>) -> KeptRequest {
    let mut problems = record.problems.clone();
    // The one line that says it all, where there is no list.
    if problems.is_empty() {
        problems.extend(record.error.clone());
    }
    KeptRequest {
        at: record.at,
        device_id: record.ids.device_id.clone(),
        session_id: record.ids.session_id.clone(),
        outcome: match record.outcome {
            Outcome::Accepted => KeptOutcome::Accepted,
            Outcome::Rejected => KeptOutcome::Rejected,
            Outcome::Faulted => KeptOutcome::Faulted,
            Outcome::Failed => KeptOutcome::Failed,
        },
        status: record.status,
        problems,
        fault: fault.map(FaultSpec::in_words),
        skip: fault.and_then(|fault| fault.skip.clone()),
        stored: record.stored,
        events: record.events,
        from: record.from.clone(),
        headers: record.headers.clone(),
        answer,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::arrival::ArrivalTime;
    use crate::replay_id::ClaimedIds;

    #[test]
    fn what_nothing_else_tells_of_is_kept() {
        let (parts, ()) = Request::new(()).into_parts();
        for (outcome, session_id, expected) in [
            (Outcome::Accepted, "1", false),
            (Outcome::Rejected, "1", false),
            (Outcome::Rejected, "", true),
            (Outcome::Faulted, "1", true),
            (Outcome::Failed, "1", true),
        ] {
            let mut record = LoggedRequest::new(RequestKind::Track, ArrivalTime::from_micros(0), &parts);
            record.ids = ClaimedIds { device_id: "d".to_owned(), session_id: session_id.to_owned() };
            record.outcome = outcome;
            assert_eq!(is_only_here(&record), expected, "{outcome:?} {session_id}");
        }
    }
}
