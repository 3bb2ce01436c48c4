//! The snapshot of the index: one object, `v1/index/snapshot`, written as a whole now and then by whichever viewer has something new.

use bytes::Bytes;
use object_store::PutPayload;

use super::error::StoreError;
use super::objects::Objects;

const FOLDER: &str = "index";
const NAME: &str = "snapshot";
/// How much is read of one. A million sessions are about 100 MB.
const MAX_BYTES: u64 = 256 << 20;

/// Where the snapshot of the index is.
#[derive(Debug)]
pub(crate) struct IndexFile {
    objects: Objects,
}

impl IndexFile {
    pub(super) fn new(objects: Objects) -> Self {
        Self { objects }
    }

    /// What was written last, if it can be read.
    pub(crate) async fn read(&self) -> Option<Bytes> {
        let files = self.objects.files(FOLDER, "").await.ok()?;
        let fits = files.iter().any(|(name, bytes)| name == NAME && *bytes <= MAX_BYTES);
        if fits { self.objects.get_file(FOLDER, NAME).await.ok() } else { None }
    }

    pub(crate) async fn write(&self, bytes: Vec<u8>) -> Result<(), StoreError> {
        Ok(self.objects.put_file(FOLDER, NAME, PutPayload::from(bytes)).await?)
    }
}
