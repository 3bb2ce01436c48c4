//! Requests that left no batch behind, and those for remote configuration: kept so that "why is there no replay?" can be
//! answered after a restart, too. What was refused of a session that could be named is in `refused.rs`.

use std::collections::{HashMap, HashSet, VecDeque};

use object_store::PutPayload;
use object_store::path::Path;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::layout::{Group, MAX_GROUP_BYTES};
use super::objects::Objects;
use crate::arrival::ArrivalTime;
use crate::headers::Headers;
use crate::remote_config::ConfigAnswer;

/// Most requests that one process keeps of one device, and of remote configuration; the oldest goes.
const MAX_OF_GROUP: usize = 100;
/// Most requests that one process keeps altogether.
const MAX_KEPT: usize = 10_000;
/// Most requests read back of one device: several processes may have kept some.
const MAX_READ: usize = 300;
/// Larger objects are not of this viewer.
const MAX_OBJECT_BYTES: u64 = 128 * 1024;
/// Most problems kept of one request, and characters of each.
const MAX_PROBLEMS: usize = 20;
const MAX_PROBLEM_CHARS: usize = 1_000;

/// Why a request is kept. What a later version writes is read as `Unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeptOutcome {
    Accepted,
    Rejected,
    Faulted,
    Failed,
    #[serde(other)]
    Unknown,
}

/// A request that left no batch behind, or asked for remote configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptRequest {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) at: u64,
    /// As claimed; whatever stood in the query.
    #[serde(default)]
    pub(crate) device_id: String,
    #[serde(default)]
    pub(crate) session_id: String,
    pub(crate) outcome: KeptOutcome,
    /// The status replied; `None` where the connection was cut or left hanging.
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) problems: Vec<String>,
    /// What the fault does that answered, in words.
    #[serde(default)]
    pub(crate) fault: Option<String>,
    /// The code of `X-Session-Replay-Event-Skipped`.
    #[serde(default)]
    pub(crate) skip: Option<String>,
    /// Whether its events were kept all the same.
    #[serde(default)]
    pub(crate) stored: bool,
    #[serde(default)]
    pub(crate) events: u64,
    /// The address it came from.
    #[serde(default)]
    pub(crate) from: Option<String>,
    #[serde(default)]
    pub(crate) headers: Headers,
    /// What remote configuration was answered with, where that was asked for.
    #[serde(default)]
    pub(crate) answer: Option<ConfigAnswer>,
}

/// The kept requests of all devices, and those for remote configuration.
#[derive(Debug)]
pub(crate) struct KeptRequests {
    objects: Objects,
    process: u64,
    /// What this process has kept, oldest first: only that is removed by it.
    own: Mutex<Own>,
}

#[derive(Debug, Default)]
struct Own {
    order: VecDeque<(Group, Path)>,
    counts: HashMap<Group, usize>,
}

impl Own {
    /// Adds one, and returns the one that is too many now.
    fn add(&mut self, group: Group, path: Path) -> Option<Path> {
        let count = self.counts.entry(group.clone()).or_default();
        *count += 1;
        let of_group = *count > MAX_OF_GROUP;
        self.order.push_back((group.clone(), path));
        let oldest = match of_group {
            true => self.order.iter().position(|(other, _)| *other == group)?,
            false if self.order.len() > MAX_KEPT => 0,
            false => return None,
        };
        let (group, path) = self.order.remove(oldest)?;
        if let Some(count) = self.counts.get_mut(&group) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&group);
            }
        }
        Some(path)
    }

    fn forget(&mut self, paths: &[Path]) {
        let paths: HashSet<&Path> = paths.iter().collect();
        self.order.retain(|(_, path)| !paths.contains(path));
        self.counts.clear();
        for (group, _) in &self.order {
            *self.counts.entry(group.clone()).or_default() += 1;
        }
    }
}

impl KeptRequests {
    pub(super) fn new(objects: Objects, process: u64) -> Self {
        Self { objects, process, own: Mutex::default() }
    }

    /// Keeps a request of its device.
    pub(crate) async fn add(&self, arrived: ArrivalTime, request: KeptRequest) -> Result<(), StoreError> {
        if request.device_id.is_empty() || request.device_id.len() > MAX_GROUP_BYTES {
            return Ok(());
        }
        let group = Group::Device(request.device_id.clone());
        self.keep(group, arrived, request).await
    }

    /// Keeps a request for remote configuration, which names no device.
    pub(crate) async fn add_configuration(
        &self,
        arrived: ArrivalTime,
        request: KeptRequest,
    ) -> Result<(), StoreError> {
        self.keep(Group::Configuration, arrived, request).await
    }

    /// The last kept requests of a device, oldest first.
    pub(crate) async fn of(&self, device: &str) -> Result<Vec<KeptRequest>, StoreError> {
        if device.is_empty() || device.len() > MAX_GROUP_BYTES {
            return Ok(Vec::new());
        }
        self.read(&Group::Device(device.to_owned())).await
    }

    /// The last requests for remote configuration, oldest first.
    pub(crate) async fn configuration(&self) -> Result<Vec<KeptRequest>, StoreError> {
        self.read(&Group::Configuration).await
    }

    /// The devices that have kept requests, as claimed.
    pub(crate) async fn devices(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.objects.devices_with_requests().await?)
    }

    /// Deletes those of a device.
    pub(crate) async fn forget(&self, device: &str) -> Result<(), StoreError> {
        if device.is_empty() || device.len() > MAX_GROUP_BYTES {
            return Ok(());
        }
        let group = Group::Device(device.to_owned());
        let paths = self.objects.paths_in(&group, u64::MAX).await?;
        self.remove(&paths).await
    }

    /// Deletes what was asked, refused, faulted or failed before.
    pub(crate) async fn forget_before(&self, time: ArrivalTime) -> Result<(), StoreError> {
        let mut paths = self.objects.kept_paths().await?;
        paths.retain(|path| {
            path.filename().and_then(ArrivalTime::of_name).is_some_and(|arrived| arrived < time)
        });
        self.remove(&paths).await
    }

    /// Deletes the oldest of what processes have kept one after the other: no more are read of each device, and so many devices are enough.
    pub(crate) async fn trim(&self) -> Result<(), StoreError> {
        let too_many = too_many(self.objects.kept_paths().await?);
        self.remove(&too_many).await
    }

    async fn remove(&self, paths: &[Path]) -> Result<(), StoreError> {
        self.own.lock().forget(paths);
        self.remove_objects(paths).await
    }

    async fn remove_objects(&self, paths: &[Path]) -> Result<(), StoreError> {
        for path in paths {
            self.objects.remove_at(path).await?;
        }
        Ok(())
    }

    async fn keep(
        &self,
        group: Group,
        arrived: ArrivalTime,
        mut request: KeptRequest,
    ) -> Result<(), StoreError> {
        request.problems.truncate(MAX_PROBLEMS);
        for problem in &mut request.problems {
            *problem = problem.chars().take(MAX_PROBLEM_CHARS).collect();
        }
        request.session_id = request.session_id.chars().take(MAX_GROUP_BYTES).collect();
        let path = self.objects.path_in(&group, &format!("{arrived}-{:016x}", self.process));
        let payload = PutPayload::from(serde_json::to_vec(&request)?);
        self.objects.put_once_at(&path, payload).await?;
        let surplus = self.own.lock().add(group, path);
        match surplus {
            Some(path) => self.remove_objects(&[path]).await,
            None => Ok(()),
        }
    }

    async fn read(&self, group: &Group) -> Result<Vec<KeptRequest>, StoreError> {
        let mut paths = self.objects.paths_in(group, MAX_OBJECT_BYTES).await?;
        let newest = paths.split_off(paths.len().saturating_sub(MAX_READ));
        let mut requests = Vec::with_capacity(newest.len());
        for path in newest {
            match self.objects.get_at(&path).await {
                // What someone else wrote there says nothing, and hides nothing.
                Ok(object) => requests.extend(serde_json::from_slice::<KeptRequest>(&object).ok()),
                // The process that kept it has removed it meanwhile.
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(requests)
    }
}

/// Those of these paths that go: of each folder the oldest above what is read of one, and of all the oldest above what is kept of two
/// processes. Names that tell no time are someone else's.
fn too_many(mut paths: Vec<Path>) -> Vec<Path> {
    let time = |path: &Path| path.filename().and_then(ArrivalTime::of_name);
    paths.retain(|path| time(path).is_some());
    paths.sort_unstable_by_key(|path| std::cmp::Reverse(time(path)));
    let mut counts = HashMap::<String, usize>::new();
    let mut stay = 0;
    paths.retain(|path| {
        let folder = path.as_ref().rsplit_once('/').map_or("", |(folder, _)| folder);
        let of_folder = counts.entry(folder.to_owned()).or_default();
        let goes = *of_folder >= MAX_READ || stay >= 2 * MAX_KEPT;
        *of_folder += usize::from(!goes);
        stay += usize::from(!goes);
        goes
    });
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_processes_kept_one_after_the_other_is_bounded() {
        let path = |folder: &str, micros: usize| Path::from(format!("v1/requests/{folder}/{micros:020}-07"));
        let mut paths: Vec<Path> = (0..MAX_READ + 2).map(|micros| path("busy", micros)).collect();
        paths.extend([path("quiet", 1), Path::from("v1/requests/busy/readme")]);
        assert_eq!(too_many(paths), [path("busy", 1), path("busy", 0)]);
        let many = (0..2 * MAX_KEPT + 3).map(|number| path(&format!("d{number}"), number));
        assert_eq!(too_many(many.collect()), [path("d2", 2), path("d1", 1), path("d0", 0)]);
    }

    #[test]
    fn the_oldest_of_a_device_goes_first_and_no_other_devices() {
        let mut own = Own::default();
        let path = |group: &Group, number: usize| Path::from(format!("{group:?}{number}"));
        let (busy, quiet) = (Group::Device("busy".into()), Group::Configuration);
        assert_eq!(own.add(quiet.clone(), path(&quiet, 0)), None);
        for number in 0..MAX_OF_GROUP {
            assert_eq!(own.add(busy.clone(), path(&busy, number)), None);
        }
        for number in 0..3 {
            assert_eq!(own.add(busy.clone(), path(&busy, 1_000 + number)), Some(path(&busy, number)));
        }
        assert_eq!(own.order.len(), MAX_OF_GROUP + 1);
        for number in own.order.len()..MAX_KEPT {
            let group = Group::Device(format!("device {number}"));
            assert_eq!(own.add(group.clone(), path(&group, number)), None);
        }
        let last = Group::Device("last".into());
        assert_eq!(own.add(last.clone(), path(&last, 0)), Some(path(&quiet, 0)));
        assert_eq!(own.counts.get(&quiet), None);
    }

    #[test]
    fn requests_of_other_versions_are_read() {
        let old: KeptRequest = serde_json::from_str(r#"{"at":5,"outcome":"rejected"}"#).unwrap();
        assert_eq!((old.at, old.outcome, old.status), (5, KeptOutcome::Rejected, None));
        let later: KeptRequest =
            serde_json::from_str(r#"{"at":5,"outcome":"postponed","until":9,"headers":{}}"#).unwrap();
        assert_eq!(later.outcome, KeptOutcome::Unknown);
    }
}
