//! Reads from the store what the checks are made from.

use super::facts::{BadRequest, Facts, Nearby};
use crate::app::App;
use crate::faults::Target;
use crate::index::Totals;
use crate::replay_id::{ClaimedIds, DeviceId, ReplayId};
use crate::store::{KeptRequest, StoreError};

/// Most ids of each kind that are named.
const MAX_NAMED: usize = 5;

pub(super) async fn facts(app: &App, device: &str, session: Option<&str>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    let known = DeviceId::try_from(device.to_owned());
    let id = session.map(|session| ReplayId::new(device, session));
    facts.bad_ids = match (&known, &id) {
        (Err(problem), _) | (Ok(_), Some(Err(problem))) => Some(problem.clone()),
        _ => None,
    };
    let mut first = None;
    if let Ok(known) = &known {
        for (id, listed) in app.store.batches.all_of(known).await? {
            if session.is_some_and(|session| session != id.session.as_str()) {
                note(&mut facts.nearby.sessions, id.session.as_str());
                continue;
            }
            facts.totals.add(&listed.name, &listed.info);
            let is_earlier = first.as_ref().is_none_or(|(time, _)| listed.info.arrived < *time);
            if is_earlier {
                first = Some((listed.info.arrived, id));
            }
        }
        for (id, refused) in app.store.refused.of_device(known).await? {
            if session.is_none_or(|session| session == id.session.as_str()) {
                facts.requests.push(BadRequest::refused(id.session.as_str(), refused));
            }
        }
    }
    if let Some((_, id)) = &first {
        facts.sample_rate = app.store.markers.of(id).await?.and_then(|marker| marker.sample_rate);
    }
    let kept = app.store.kept.of(device).await?;
    // What names no session may be about each.
    let fits = |kept: &KeptRequest| {
        session.is_none_or(|session| kept.session_id == session || kept.session_id.is_empty())
    };
    facts.requests.extend(kept.into_iter().filter(fits).map(BadRequest::from));
    facts.requests.sort_by_key(|request| request.at);
    facts.totals.refused = 0;
    nearby(app, device, session, &mut facts).await?;
    facts.configuration = configuration(app.store.kept.configuration().await?, &facts.totals);
    let ids = ClaimedIds { device_id: device.to_owned(), session_id: session.unwrap_or_default().to_owned() };
    facts.armed = armed(app, &ids, session.is_none());
    Ok(facts)
}

/// The last that was asked before the last batch arrived; the last of all where none did.
fn configuration(all: Vec<KeptRequest>, totals: &Totals) -> Option<KeptRequest> {
    let is_before = |kept: &KeptRequest| totals.batches == 0 || kept.at <= totals.last_arrival;
    let at = all.iter().rposition(is_before);
    at.and_then(|at| all.into_iter().nth(at))
}

/// Which sessions and devices there are beside.
async fn nearby(app: &App, device: &str, session: Option<&str>, facts: &mut Facts) -> Result<(), StoreError> {
    let nearby = &mut facts.nearby;
    app.index.each_id(|id, has_batches| {
        place(nearby, device, session, id.device.as_str(), has_batches.then_some(id.session.as_str()));
    });
    for other in app.store.kept.devices().await? {
        place(nearby, device, session, &other, None);
    }
    Ok(())
}

/// Notes one that there is, where it is near. `its_session` had a batch accepted.
fn place(nearby: &mut Nearby, device: &str, session: Option<&str>, other: &str, its_session: Option<&str>) {
    if other == device {
        return;
    }
    if session.is_some() && session == its_session {
        note(&mut nearby.devices, other);
    }
    if is_similar(device, other) {
        note(&mut nearby.similar, other);
    }
}

/// Whether they are the same but for case and white space.
fn is_similar(one: &str, other: &str) -> bool {
    fn plain(id: &str) -> impl Iterator<Item = char> {
        id.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase)
    }
    plain(one).eq(plain(other))
}

fn note(list: &mut Vec<String>, id: &str) {
    if list.len() < MAX_NAMED && !list.iter().any(|known| known == id) {
        list.push(id.to_owned());
    }
}

/// The faults that would answer the next batch of these ids; `any_session`: of whatever session.
fn armed(app: &App, ids: &ClaimedIds, any_session: bool) -> Vec<String> {
    let all = app.faults.all().into_iter();
    let armed = all.filter(|fault| fault.remaining != Some(0)).filter(|fault| {
        let mut ids = ids.clone();
        if let (true, Some(session)) = (any_session, &fault.spec.session_id) {
            ids.session_id.clone_from(session);
        }
        fault.spec.is_for(Target::Track, &ids) || fault.spec.on == Target::Config
    });
    let target = |target| if target == Target::Config { "remote configuration" } else { "batches" };
    let words = armed
        .map(|fault| format!("fault {} on {}: {}", fault.id, target(fault.spec.on), fault.spec.in_words()));
    words.take(MAX_NAMED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_almost_the_same_are_found() {
        for (device, session, other, its_session, found) in [
            ("d", Some("1"), "d", Some("2"), [0, 0]),
            ("d", Some("1"), "D", Some("2"), [0, 1]),
            ("d", Some("1"), " d", None, [0, 1]),
            ("d", Some("1"), "e", Some("1"), [1, 0]),
            ("d", Some("1"), "D", Some("1"), [1, 1]),
            ("d", None, "e", Some("1"), [0, 0]),
            ("d", None, "e", None, [0, 0]),
        ] {
            let mut nearby = Nearby::default();
            place(&mut nearby, device, session, other, its_session);
            assert_eq!([nearby.devices.len(), nearby.similar.len()], found, "{other} {its_session:?}");
        }
    }

    #[test]
    fn only_a_few_are_named_each_once() {
        let mut list = Vec::new();
        ["a", "b", "a", "c", "d", "e", "f"].into_iter().for_each(|id| note(&mut list, id));
        assert_eq!(list, ["a", "b", "c", "d", "e"]);
    }
}
