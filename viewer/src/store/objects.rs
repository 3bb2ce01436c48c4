//! Objects in a folder or a bucket: those of a replay are written once, and never changed.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::layout::{Kind, file, folder, locate};
use crate::replay_id::ReplayId;

/// A folder or bucket that is open.
#[derive(Debug, Clone)]
pub(super) struct Objects {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Objects {
    pub(super) fn new(objects: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { objects, prefix }
    }

    /// Writes an object that nobody has written yet.
    pub(super) async fn put_once(
        &self,
        kind: Kind,
        id: &ReplayId,
        name: &str,
        payload: PutPayload,
    ) -> Result<(), Error> {
        let path = kind.object(&self.prefix, id, name);
        self.objects.put_opts(&path, payload, PutOptions::from(PutMode::Create)).await?;
        Ok(())
    }

    pub(super) async fn get(&self, kind: Kind, id: &ReplayId, name: &str) -> Result<Bytes, Error> {
        self.objects.get(&kind.object(&self.prefix, id, name)).await?.bytes().await
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
        let names = objects.map_ok(|object| object.location.filename().unwrap_or_default().to_owned());
        let mut names: Vec<String> = names.try_collect().await?;
        names.sort_unstable();
        Ok(names)
    }

    /// Calls `take` with the replay and the name of each object of a kind, in no order. Files that the viewer did not write are left out.
    pub(super) async fn each(&self, kind: Kind, mut take: impl FnMut(ReplayId, String)) -> Result<(), Error> {
        let mut objects = self.objects.list(Some(&kind.root(&self.prefix)));
        while let Some(object) = objects.try_next().await? {
            if let Some((id, name)) = locate(&object.location) {
                take(id, name);
            }
        }
        Ok(())
    }

    /// All objects of a kind, in no order: the replay and the name. Files that the viewer did not write are left out.
    pub(super) async fn all(&self, kind: Kind) -> Result<Vec<(ReplayId, String)>, Error> {
        let mut all = Vec::new();
        self.each(kind, |id, name| all.push((id, name))).await?;
        Ok(all)
    }

    /// Writes an object that belongs to no replay, over what is there.
    pub(super) async fn put_file(&self, folder: &str, name: &str, payload: PutPayload) -> Result<(), Error> {
        self.objects.put(&file(&self.prefix, folder, name), payload).await?;
        Ok(())
    }

    pub(super) async fn get_file(&self, folder: &str, name: &str) -> Result<Bytes, Error> {
        self.objects.get(&file(&self.prefix, folder, name)).await?.bytes().await
    }

    /// Deletes an object that belongs to no replay, if it is there.
    pub(super) async fn delete_file(&self, folder: &str, name: &str) -> Result<(), Error> {
        match self.objects.delete(&file(&self.prefix, folder, name)).await {
            Err(Error::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// The names above `after` in a folder that belongs to no replay, sorted, and their sizes.
    pub(super) async fn files(&self, name: &str, after: &str) -> Result<Vec<(String, u64)>, Error> {
        let root = folder(&self.prefix, name);
        let objects = match after {
            "" => self.objects.list(Some(&root)),
            _ => self.objects.list_with_offset(Some(&root), &file(&self.prefix, name, after)),
        };
        let files =
            objects.map_ok(|object| (object.location.filename().unwrap_or_default().to_owned(), object.size));
        let mut files: Vec<(String, u64)> = files.try_collect().await?;
        files.sort_unstable();
        Ok(files)
    }
}
