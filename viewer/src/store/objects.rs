//! Objects in a folder or a bucket: each is written once, and never changed.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::layout::{Kind, locate};
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

    /// All objects of a kind, in no order: the replay and the name. Files that the viewer did not write are left out.
    pub(super) async fn all(&self, kind: Kind) -> Result<Vec<(ReplayId, String)>, Error> {
        let objects = self.objects.list(Some(&kind.root(&self.prefix)));
        objects.try_filter_map(async |object| Ok(locate(&object.location))).try_collect().await
    }
}
