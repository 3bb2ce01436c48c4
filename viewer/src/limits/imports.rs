//! The places of files that are being imported. Who has one and sends nothing loses it to the next who wants one.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Most files that are imported at once: each takes a thread, and room on the disk.
const MAX_IMPORTS: usize = 2;
/// Who has sent nothing for so long, or hardly anything, gives way to others.
const IDLE: Duration = Duration::from_secs(1);
/// So much has to arrive in that time.
const MIN_BYTES: u64 = 16 << 10;

/// The places.
#[derive(Debug, Clone, Default)]
pub(crate) struct ImportPlaces(Arc<Mutex<Vec<Arc<Occupant>>>>);

#[derive(Debug)]
struct Occupant {
    progress: Mutex<Progress>,
    /// Whoever sends it has to stop.
    evicted: Notify,
}

#[derive(Debug)]
struct Progress {
    /// When enough had arrived last; `None` once all has, and nobody is waited for.
    at: Option<Instant>,
    /// What arrived since.
    bytes: u64,
}

/// A place among the files that are imported.
#[derive(Debug)]
pub(crate) struct ImportPlace {
    places: ImportPlaces,
    occupant: Arc<Occupant>,
}

impl ImportPlaces {
    /// A place; `None` when there are enough imports, and all of them go on.
    pub(super) fn take(&self) -> Option<ImportPlace> {
        let mut occupants = self.0.lock();
        if occupants.len() >= MAX_IMPORTS {
            let since = |occupant: &Occupant| occupant.progress.lock().at;
            let idlest = occupants.iter().enumerate().filter_map(|(number, one)| Some((since(one)?, number)));
            let (_, number) = idlest.min().filter(|(at, _)| at.elapsed() >= IDLE)?;
            occupants.swap_remove(number).evicted.notify_one();
        }
        let progress = Mutex::new(Progress { at: Some(Instant::now()), bytes: 0 });
        let occupant = Arc::new(Occupant { progress, evicted: Notify::new() });
        occupants.push(Arc::clone(&occupant));
        Some(ImportPlace { places: self.clone(), occupant })
    }
}

impl ImportPlace {
    /// So much more of the file has arrived.
    pub(crate) fn arrived(&self, bytes: usize) {
        let mut progress = self.occupant.progress.lock();
        progress.bytes += bytes as u64;
        if progress.bytes >= MIN_BYTES && progress.at.is_some() {
            *progress = Progress { at: Some(Instant::now()), bytes: 0 };
        }
    }

    /// All has arrived: what is left to do is the viewer's.
    pub(crate) fn is_complete(&self) {
        self.occupant.progress.lock().at = None;
    }

    /// Returns when somebody else has taken the place.
    pub(crate) async fn evicted(&self) {
        self.occupant.evicted.notified().await;
    }
}

impl Drop for ImportPlace {
    fn drop(&mut self) {
        self.places.0.lock().retain(|occupant| !Arc::ptr_eq(occupant, &self.occupant));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_sends_nothing_gives_way_and_nobody_else_does() {
        let places = ImportPlaces::default();
        let idle = places.take().unwrap();
        let busy = places.take().unwrap();
        assert!(places.take().is_none(), "both have only begun");
        tokio::time::advance(IDLE).await;
        busy.arrived(MIN_BYTES as usize);
        idle.arrived(MIN_BYTES as usize - 1);
        let third = places.take().unwrap();
        idle.evicted().await;
        drop(idle);
        assert!(places.take().is_none(), "a place that was lost is not given back");
        busy.is_complete();
        tokio::time::advance(IDLE).await;
        third.arrived(MIN_BYTES as usize);
        assert!(places.take().is_none(), "what has arrived is stored in peace");
        drop(third);
        assert!(places.take().is_some());
    }
}
