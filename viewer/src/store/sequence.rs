//! One accepted request as an object: a line of JSON about it, then its decoded body, byte for byte.

use bytes::Bytes;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::name::SequenceName;
use super::{FirstBatch, Store, StoreError};
use crate::identity::Identity;
use crate::ingest;
use crate::request_log::Headers;

/// What is kept about an accepted request beside its body and its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SequenceMeta {
    /// When the request arrived, in milliseconds since the epoch.
    pub(crate) arrived: u64,
    pub(crate) device_id: String,
    pub(crate) session_id: String,
    pub(crate) headers: Headers,
    pub(crate) wire_bytes: u64,
    pub(crate) decoded_bytes: u64,
    pub(crate) events: u64,
    pub(crate) first_timestamp: f64,
    pub(crate) last_timestamp: f64,
    /// The first events that rrweb's player would throw on, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<String>,
}

/// A sequence read back.
#[derive(Debug)]
pub(crate) struct Sequence {
    object: Bytes,
    /// Where the body begins in the object.
    body: usize,
}

impl Sequence {
    fn new(object: Bytes, name: &str) -> Result<Self, StoreError> {
        let line = object
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(|| StoreError::Headless(name.to_owned()))?;
        Ok(Self { object, body: line + 1 })
    }

    /// What is known about the request, as the JSON text that was stored.
    pub(crate) fn meta(&self) -> Result<&RawValue, StoreError> {
        Ok(serde_json::from_slice(&self.object[..self.body])?)
    }

    /// The events as they stood in the body: JSON strings, untouched.
    pub(crate) fn event_tokens(&self) -> Result<Vec<&RawValue>, StoreError> {
        Ok(ingest::event_tokens(&self.object[self.body..])?)
    }
}

impl Store {
    /// Keeps an accepted request, and marks its session as begun if it is the first.
    pub(crate) async fn add(
        &self,
        identity: &Identity,
        name: &SequenceName,
        meta: &SequenceMeta,
        body: Vec<u8>,
    ) -> Result<(), StoreError> {
        let mut line = serde_json::to_vec(meta)?;
        line.push(b'\n');
        let payload: PutPayload = [Bytes::from(line), Bytes::from(body)].into_iter().collect();
        let path = format!("{}/{}", identity.path(), name.format(self.process));
        let once = PutOptions::from(PutMode::Create);
        self.objects.put_opts(&self.path("sequences", &path), payload, once).await?;
        self.mark_first(identity, &FirstBatch::from(meta)).await
    }

    /// Reads a sequence of a session.
    pub(crate) async fn read(&self, identity: &Identity, name: &str) -> Result<Sequence, StoreError> {
        let path = self.path("sequences", &format!("{}/{name}", identity.path()));
        let object = self.objects.get(&path).await?.bytes().await?;
        Sequence::new(object, name)
    }
}
