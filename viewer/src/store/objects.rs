//! Objects in a folder or a bucket: each is written once, never changed, and perhaps deleted.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::ready;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::layout::{Group, Kind, file, folder, locate};
#[cfg(unix)]
use super::local;
#[cfg(unix)]
use crate::blocking;
use crate::replay_id::{DeviceId, ReplayId};

/// How often an object is written whose folder was deleted at the same moment.
const MAX_TRIES: u32 = 20;

/// Whose objects are listed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent<'a> {
    All,
    Device(&'a DeviceId),
    Session(&'a ReplayId),
}

/// A folder or bucket that is open.
#[derive(Debug, Clone)]
pub(super) struct Objects {
    objects: Arc<dyn ObjectStore>,
    /// The same, where it is a folder.
    #[cfg_attr(
        not(unix),
        allow(dead_code, reason = "Windows tells what closing a file failed of through another crate only")
    )]
    folder: Option<Arc<LocalFileSystem>>,
    prefix: Path,
}

impl Objects {
    pub(super) fn in_bucket(objects: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { objects, folder: None, prefix }
    }

    pub(super) fn in_folder(folder: LocalFileSystem) -> Self {
        let folder = Arc::new(folder);
        Self {
            objects: Arc::<LocalFileSystem>::clone(&folder),
            folder: Some(folder),
            prefix: Path::default(),
        }
    }

    /// Writes an object that nobody has written yet.
    pub(super) async fn put_once(
        &self,
        kind: Kind,
        id: &ReplayId,
        name: &str,
        payload: PutPayload,
    ) -> Result<(), Error> {
        self.put(&kind.object(&self.prefix, id, name), payload, PutMode::Create).await
    }

    /// The same, under a name that no other process can choose.
    pub(super) async fn put_unique(
        &self,
        kind: Kind,
        id: &ReplayId,
        name: &str,
        payload: PutPayload,
    ) -> Result<(), Error> {
        match self.put_here(&kind.object(&self.prefix, id, name), &payload) {
            Some(put) => put,
            None => self.put_once(kind, id, name, payload).await,
        }
    }

    /// Has this thread write it, without asking another one. `None`: the other way is to be taken, which makes the folder that may be missing.
    #[cfg(unix)]
    fn put_here(&self, path: &Path, payload: &PutPayload) -> Option<Result<(), Error>> {
        use std::io::ErrorKind::{AlreadyExists, NotFound};
        let folder = self.folder.as_ref().filter(|_| blocking::is_allowed())?;
        match local::write(&folder.path_to_filesystem(path).ok()?, payload) {
            Err(error) if matches!(error.kind(), NotFound | AlreadyExists) => None,
            // A full disk would be filled twice.
            put => Some(put.map_err(|error| Error::Generic { store: "folder", source: error.into() })),
        }
    }

    #[cfg(not(unix))]
    fn put_here(&self, _: &Path, _: &PutPayload) -> Option<Result<(), Error>> {
        None
    }

    async fn put(&self, path: &Path, payload: PutPayload, mode: PutMode) -> Result<(), Error> {
        let mut tries = 1;
        loop {
            let options = PutOptions::from(mode.clone());
            match self.objects.put_opts(path, payload.clone(), options).await {
                Ok(_) => return Ok(()),
                // The folder was made, and a deletion found it empty before there was anything in it.
                Err(error) if tries < MAX_TRIES && is_not_found(&error) => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) async fn get(&self, kind: Kind, id: &ReplayId, name: &str) -> Result<Bytes, Error> {
        self.objects.get(&kind.object(&self.prefix, id, name)).await?.bytes().await
    }

    pub(super) async fn has(&self, kind: Kind, id: &ReplayId, name: &str) -> Result<bool, Error> {
        match self.objects.head(&kind.object(&self.prefix, id, name)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The names of a replay's objects of a kind, sorted; all of them or those above `after`.
    pub(super) async fn names(
        &self,
        kind: Kind,
        id: &ReplayId,
        after: Option<&str>,
    ) -> Result<Vec<String>, Error> {
        let folder = kind.of(&self.prefix, id);
        let objects = match after {
            Some(name) => self.objects.list_with_offset(Some(&folder), &kind.object(&self.prefix, id, name)),
            None => self.objects.list(Some(&folder)),
        };
        let names = objects.map_ok(|object| name_of(&object));
        let mut names: Vec<String> = names.try_collect().await?;
        names.sort_unstable();
        Ok(names)
    }

    /// Calls `take` with the replay and the name of each object of a kind, in no order. Files that the viewer did not write are left out.
    pub(super) async fn each(&self, kind: Kind, mut take: impl FnMut(ReplayId, String)) -> Result<(), Error> {
        let mut objects = self.listed(kind, Extent::All);
        while let Some((id, object)) = objects.try_next().await? {
            take(id, name_of(&object));
        }
        Ok(())
    }

    /// The replay and the name of each object of a kind, in no order.
    pub(super) async fn all(&self, kind: Kind, of: Extent<'_>) -> Result<Vec<(ReplayId, String)>, Error> {
        self.listed(kind, of).map_ok(|(id, object)| (id, name_of(&object))).try_collect().await
    }

    /// Writes an object that belongs to no replay, over what is there.
    pub(super) async fn put_file(&self, folder: &str, name: &str, payload: PutPayload) -> Result<(), Error> {
        self.put(&file(&self.prefix, folder, name), payload, PutMode::Overwrite).await
    }

    pub(super) async fn get_file(&self, folder: &str, name: &str) -> Result<Bytes, Error> {
        self.objects.get(&file(&self.prefix, folder, name)).await?.bytes().await
    }

    /// Deletes an object that belongs to no replay, if it is there.
    pub(super) async fn delete_file(&self, folder: &str, name: &str) -> Result<(), Error> {
        self.remove_at(&file(&self.prefix, folder, name)).await
    }

    /// The names above `after` in a folder that belongs to no replay, sorted, and their sizes.
    pub(super) async fn files(&self, name: &str, after: &str) -> Result<Vec<(String, u64)>, Error> {
        let root = folder(&self.prefix, name);
        let objects = match after {
            "" => self.objects.list(Some(&root)),
            _ => self.objects.list_with_offset(Some(&root), &file(&self.prefix, name, after)),
        };
        let files = objects.map_ok(|object| (name_of(&object), object.size));
        let mut files: Vec<(String, u64)> = files.try_collect().await?;
        files.sort_unstable();
        Ok(files)
    }

    pub(super) fn path_in(&self, group: &Group, name: &str) -> Path {
        group.object(&self.prefix, name)
    }

    /// The objects of a group in the order of their names, but for those that are larger.
    pub(super) async fn paths_in(&self, group: &Group, max_bytes: u64) -> Result<Vec<Path>, Error> {
        let folder = group.folder(&self.prefix);
        let depth = folder.parts().count() + 1;
        let objects = self.objects.list(Some(&folder)).try_filter_map(async |object| {
            // Folders of longer ids may begin with this one.
            let is_own = object.location.parts().count() == depth;
            Ok((is_own && object.size <= max_bytes).then_some(object.location))
        });
        let mut paths: Vec<Path> = objects.try_collect().await?;
        paths.sort_unstable();
        Ok(paths)
    }

    /// All kept requests.
    pub(super) async fn kept_paths(&self) -> Result<Vec<Path>, Error> {
        let mut paths = Vec::new();
        for root in [Group::devices(&self.prefix), Group::Configuration.folder(&self.prefix)] {
            let mut objects = self.objects.list(Some(&root));
            while let Some(object) = objects.try_next().await? {
                paths.push(object.location);
            }
        }
        Ok(paths)
    }

    pub(super) async fn put_once_at(&self, path: &Path, payload: PutPayload) -> Result<(), Error> {
        self.put(path, payload, PutMode::Create).await
    }

    pub(super) async fn get_at(&self, path: &Path) -> Result<Bytes, Error> {
        self.objects.get(path).await?.bytes().await
    }

    /// Deletes an object, if it is there.
    pub(super) async fn remove_at(&self, path: &Path) -> Result<(), Error> {
        match self.objects.delete(path).await {
            Err(Error::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// The devices that have kept requests.
    pub(super) async fn devices_with_requests(&self) -> Result<Vec<String>, Error> {
        let root = Group::devices(&self.prefix);
        let listed = self.objects.list_with_delimiter(Some(&root)).await?;
        Ok(listed.common_prefixes.iter().filter_map(Group::device_of).collect())
    }

    /// The objects of a kind with what the store says of each, as they are listed; in no order.
    pub(super) fn listed(
        &self,
        kind: Kind,
        of: Extent<'_>,
    ) -> BoxStream<'static, Result<(ReplayId, ObjectMeta), Error>> {
        let (folder, device, session) = match of {
            Extent::All => (kind.root(&self.prefix), None, None),
            Extent::Device(device) => (kind.of_device(&self.prefix, device), Some(device.clone()), None),
            Extent::Session(id) => {
                (kind.of(&self.prefix, id), Some(id.device.clone()), Some(id.session.clone()))
            }
        };
        // Folders of longer ids may be below.
        let is_wanted = move |id: &ReplayId| {
            device.as_ref().is_none_or(|device| *device == id.device)
                && session.as_ref().is_none_or(|session| *session == id.session)
        };
        let located = move |object: ObjectMeta| {
            let id = locate(&object.location).map(|(id, _)| id).filter(&is_wanted);
            ready(Ok(id.map(|id| (id, object))))
        };
        self.objects.list(Some(&folder)).try_filter_map(located).boxed()
    }

    /// Deletes these objects of a replay. What is not there any more has been deleted by someone else, which is as good.
    pub(super) async fn delete(&self, kind: Kind, id: &ReplayId, names: Vec<String>) -> Result<(), Error> {
        let paths: Vec<_> = names.iter().map(|name| Ok(kind.object(&self.prefix, id, name))).collect();
        let mut deleted = self.objects.delete_stream(stream::iter(paths).boxed());
        while let Some(result) = deleted.next().await {
            match result {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn name_of(object: &ObjectMeta) -> String {
    object.location.filename().unwrap_or_default().to_owned()
}

/// Whether a file or folder on the way was not there.
fn is_not_found(error: &Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        {
            return true;
        }
        source = error.source();
    }
    false
}

#[cfg(all(test, unix))]
mod tests {
    use tokio::task::spawn_blocking;

    use super::*;
    use crate::blocking::Progress;

    #[tokio::test]
    async fn whoever_may_wait_for_a_disk_writes_without_another_thread_once_there_is_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::in_folder(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
        let id = ReplayId::new("d", "s").unwrap();
        let put = async |name: &'static str| {
            let (objects, id) = (objects.clone(), id.clone());
            let payload = PutPayload::from_static(name.as_bytes());
            let work = async move { objects.put_unique(Kind::Batch, &id, name, payload).await };
            spawn_blocking(|| blocking::run(work)).await.unwrap()
        };
        let Progress::Task(first) = put("1").await else { panic!("who made the folder?") };
        first.await.unwrap().unwrap();
        assert!(matches!(put("2").await, Progress::Done(Ok(()))));
        objects.put_unique(Kind::Batch, &id, "3", PutPayload::from_static(b"3")).await.unwrap();
        let names = objects.names(Kind::Batch, &id, None).await.unwrap();
        assert_eq!(names, ["1", "2", "3"]);
        for name in names {
            assert_eq!(objects.get(Kind::Batch, &id, &name).await.unwrap(), name.as_bytes());
        }
    }
}
