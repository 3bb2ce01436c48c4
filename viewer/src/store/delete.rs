//! Deletes sessions from a store that others may be using at the same moment.
//!
//! A deletion says first what it is about to delete, and takes that back last. If its process ends in between, whichever viewer looks
//! next deletes the rest: half a session would play as if it were whole. Deleting twice, or at once with others, is no harm. What
//! arrives after the deletion began is not deleted, and makes a session of its own.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use object_store::PutPayload;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::layout::{Kind, MARKER};
use super::objects::Extent;
use super::{SessionMarker, Store, StoredBatch};
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;

/// What a session consists of, beside its marker. Names in each begin with the time of arrival.
const KINDS: [Kind; 3] = [Kind::Batch, Kind::Interactions, Kind::Refused];

/// So many batches of a session are read one after the other to find one that tells of it. Behind that many damaged ones, those are read whose
/// distance doubles: some twenty more, however long the session is.
const READ_IN_A_ROW: usize = 10;

/// A deletion that has begun.
#[derive(Debug, Serialize, Deserialize)]
struct Deletion {
    /// The newest name among the session's objects; whatever is newer stays.
    through: String,
}

impl Deletion {
    /// The last arrival that goes. Where there was none but a marker, that of the moment.
    fn until(&self) -> ArrivalTime {
        ArrivalTime::of_name(&self.through).unwrap_or_else(ArrivalTime::now)
    }
}

/// A session by what the store has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSession {
    pub(crate) id: ReplayId,
    /// When something of it arrived last, in milliseconds since the epoch.
    pub(crate) last_arrival: u64,
    pub(super) objects: u64,
    /// As they stand in the store.
    pub(crate) bytes: u64,
    /// Nothing but a marker was found yet.
    pub(super) is_only_marker: bool,
}

impl StoredSession {
    pub(super) fn empty(id: &ReplayId) -> Self {
        Self { id: id.clone(), last_arrival: 0, objects: 0, bytes: 0, is_only_marker: false }
    }
}

impl Store {
    /// The sessions of which anything is stored; refused requests count, too.
    pub(crate) async fn inventory(&self, of: Extent<'_>) -> Result<Vec<StoredSession>, StoreError> {
        let mut sessions = HashMap::<ReplayId, StoredSession>::new();
        // Markers first: one that is listed has its batches listed, too, unless they are still to come.
        for kind in [Kind::Marker, Kind::Batch, Kind::Interactions, Kind::Refused] {
            let mut objects = self.objects.listed(kind, of);
            while let Some((id, object)) = objects.try_next().await? {
                let session = sessions.entry(id).or_insert_with_key(StoredSession::empty);
                // A marker's name tells no time; what else there is does.
                let arrival = arrival_of(object.location.filename().unwrap_or_default());
                session.last_arrival = match (session.objects, arrival) {
                    (0, None) => u64::try_from(object.last_modified.timestamp_millis()).unwrap_or(0),
                    (1, Some(arrival)) if session.is_only_marker => arrival,
                    (_, arrival) => session.last_arrival.max(arrival.unwrap_or(0)),
                };
                session.is_only_marker = kind == Kind::Marker;
                session.objects += 1;
                session.bytes = session.bytes.saturating_add(object.size);
            }
        }
        Ok(sessions.into_values().collect())
    }

    /// Deletes a session as it is now, and answers up to which arrival; `None` when nothing is there. With `heard_before` (milliseconds since the epoch), only if
    /// nothing of it has arrived since: a session that was old when it was looked at may have come back to life.
    pub(crate) async fn delete(
        &self,
        id: &ReplayId,
        heard_before: Option<u64>,
    ) -> Result<Option<ArrivalTime>, StoreError> {
        let mut through = String::new();
        for kind in KINDS {
            let newest = self
                .objects
                .names(kind, id, None)
                .await?
                .into_iter()
                .rfind(|name| arrival_of(name).is_some());
            through = through.max(newest.unwrap_or_default());
        }
        if through.is_empty() && !self.objects.has(Kind::Marker, id, MARKER).await? {
            return Ok(None);
        }
        if heard_before.zip(arrival_of(&through)).is_some_and(|(before, last)| last >= before) {
            return Ok(None);
        }
        let name = format!("{}-{:016x}", self.arrival(), self.process);
        let deletion = Deletion { through };
        let payload = PutPayload::from(serde_json::to_vec(&deletion)?);
        self.objects.put_once(Kind::Deletion, id, &name, payload).await?;
        self.carry_out(id, name, &deletion).await?;
        Ok(Some(deletion.until()))
    }

    /// The deletions that have begun, by session and name.
    pub(crate) async fn deletions(&self) -> Result<Vec<(ReplayId, String)>, StoreError> {
        Ok(self.objects.all(Kind::Deletion, Extent::All).await?)
    }

    /// Carries out what another viewer has begun and could not end, and answers up to which arrival; `None` when there was nothing to do.
    pub(crate) async fn finish_deletion(
        &self,
        id: &ReplayId,
        name: String,
    ) -> Result<Option<ArrivalTime>, StoreError> {
        let object = match self.objects.get(Kind::Deletion, id, &name).await {
            Ok(object) => object,
            // The one who began it has ended it.
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Ok(deletion) = serde_json::from_slice::<Deletion>(&object) else {
            // What can't be read says nothing of what to delete, and would be looked at forever.
            self.objects.delete(Kind::Deletion, id, vec![name]).await?;
            return Ok(None);
        };
        self.carry_out(id, name, &deletion).await?;
        Ok(Some(deletion.until()))
    }

    async fn carry_out(&self, id: &ReplayId, name: String, deletion: &Deletion) -> Result<(), StoreError> {
        // The marker goes first: a batch that arrives now makes a new one, unless its viewer remembers the old one.
        self.markers.forget(id);
        self.objects.delete(Kind::Marker, id, vec![MARKER.to_owned()]).await?;
        for kind in KINDS {
            let mut names = self.objects.names(kind, id, None).await?;
            // What names no time was put there by someone else, and would keep the folder of a session that is no more.
            names.retain(|name| *name <= deletion.through || arrival_of(name).is_none());
            self.objects.delete(kind, id, names).await?;
        }
        self.markers.forget(id);
        self.remark(id).await?;
        Ok(self.objects.delete(Kind::Deletion, id, vec![name]).await?)
    }

    /// Makes the marker of a session that has batches and none: its first batch came to a viewer that did not know yet that the session
    /// before it was deleted.
    pub(crate) async fn remark(&self, id: &ReplayId) -> Result<(), StoreError> {
        match self.marker_by_batches(id).await? {
            Some(marker) => self.markers.mark(id, &marker).await,
            None => Ok(()),
        }
    }

    /// The marker of a session by one of its first batches that are none of the damaged ones.
    pub(super) async fn marker_by_batches(&self, id: &ReplayId) -> Result<Option<SessionMarker>, StoreError> {
        let batches = self.batches.list(id, None).await?;
        for listed in probes(batches.len()).filter_map(|place| batches.get(place)) {
            let marker = match self.batches.read(id, &listed.name).await {
                Ok(batch) => marker_by(&batch),
                Err(error) => Err(error),
            };
            match marker {
                Ok(marker) => return Ok(Some(marker)),
                // Deleted once more, or damaged.
                Err(error) if error.is_gone() || error.is_damage() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// Which of so many batches to read until one is whole; the last one is among them.
fn probes(count: usize) -> impl Iterator<Item = usize> {
    let further = std::iter::successors(Some(READ_IN_A_ROW), |place| place.checked_mul(2));
    let some = (0..READ_IN_A_ROW).chain(further).take_while(move |place| place + 1 < count);
    some.chain(count.checked_sub(1))
}

/// The marker of a session whose first batch this is.
fn marker_by(batch: &StoredBatch) -> Result<SessionMarker, StoreError> {
    let meta = serde_json::from_str(batch.meta()?.get())?;
    Ok(SessionMarker::new(&meta, batch.title()))
}

/// When an object arrived, by its name, in milliseconds since the epoch; `None` for names that say no time.
fn arrival_of(name: &str) -> Option<u64> {
    ArrivalTime::of_name(name).map(ArrivalTime::millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_batches_of_a_session_of_any_length_are_looked_at() {
        for (count, wanted) in [
            (0, vec![]),
            (1, vec![0]),
            (3, vec![0, 1, 2]),
            (11, (0..11).collect()),
            (45, (0..11).chain([20, 40, 44]).collect::<Vec<_>>()),
        ] {
            assert_eq!(probes(count).collect::<Vec<_>>(), wanted, "{count}");
        }
        assert!(probes(usize::MAX).count() < 80);
    }

    #[test]
    fn names_tell_when_they_arrived_and_foreign_ones_do_not() {
        for (name, millis) in [
            ("00001795465976788000-0000000000000007-e1", Some(1_795_465_976_788)),
            ("00001795465976788999-x", Some(1_795_465_976_788)),
            ("18446744073709551615-x", Some(u64::MAX / 1_000)),
            ("99999999999999999999-x", None),
            ("first", None),
            ("", None),
            ("-", None),
            ("+0001795465976788000-x", None),
            ("1-2", None),
            ("00001795465976788000", None),
        ] {
            assert_eq!(arrival_of(name), millis, "{name}");
        }
    }
}
