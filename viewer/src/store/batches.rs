//! Accepted batches. Each is an object: a line of JSON about it, then its decoded body, byte for byte.

use std::borrow::Cow;

use bytes::Bytes;
use object_store::PutPayload;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::batch_name::{BatchInfo, BatchName};
use super::error::StoreError;
use super::layout::Kind;
use super::objects::{Extent, Objects};
use crate::batch;
use crate::headers::Headers;
use crate::replay_id::{DeviceId, ReplayId, SessionId};

/// What is kept about an accepted batch beside its body and its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BatchMeta {
    /// When the request arrived, in milliseconds since the epoch.
    pub(crate) arrived: u64,
    pub(crate) device_id: DeviceId,
    pub(crate) session_id: SessionId,
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

/// A batch read back.
#[derive(Debug)]
pub(crate) struct StoredBatch {
    object: Bytes,
    /// Where the body begins in the object.
    body: usize,
}

impl StoredBatch {
    fn new(object: Bytes) -> Result<Self, StoreError> {
        let line = object.iter().position(|byte| *byte == b'\n').ok_or(StoreError::NoFirstLine)?;
        Ok(Self { object, body: line + 1 })
    }

    /// What is known about the request, as the JSON text that was stored: an object that says when it arrived.
    pub(crate) fn meta(&self) -> Result<&RawValue, StoreError> {
        #[derive(Deserialize)]
        struct Arrived {
            #[serde(rename = "arrived")]
            _arrived: u64,
        }
        let meta: &RawValue = serde_json::from_slice(&self.object[..self.body])?;
        // A list of one number could be read as `Arrived`, too.
        let told = if meta.get().starts_with('{') { meta.get() } else { "{}" };
        serde_json::from_str(told).map(|Arrived { .. }| meta).map_err(StoreError::from)
    }

    /// The title of the first page in it that has one.
    pub(crate) fn title(&self) -> Option<String> {
        batch::check(&self.object[self.body..], batch::Version::Batch, true).ok()?.title
    }

    /// The events that those strings hold, each of them JSON; what is none has what is wrong with it in its place. It was checked when it was taken
    /// in: it is damaged, or was written by someone else.
    pub(crate) fn events(&self) -> Result<Vec<Result<Cow<'_, str>, String>>, StoreError> {
        let read = |token| {
            let event = batch::event_string(token)?;
            match serde_json::from_str::<IgnoredAny>(&event) {
                Ok(_) => Ok(event),
                Err(error) => Err(format!("is no JSON: {error}")),
            }
        };
        Ok(self.event_tokens()?.into_iter().map(read).collect())
    }

    /// The same as the strings that stood in the body, untouched. What is in them is not looked at.
    pub(crate) fn event_strings(&self) -> Result<Vec<Result<&str, String>>, StoreError> {
        let texts = self.event_tokens()?.into_iter().map(RawValue::get);
        let is_string = |text: &str| text.starts_with('"');
        Ok(texts
            .map(|text| is_string(text).then_some(text).ok_or_else(|| "is not a string".to_owned()))
            .collect())
    }

    /// What stands in the list of events, whatever it is.
    pub(crate) fn event_tokens(&self) -> Result<Vec<&RawValue>, StoreError> {
        Ok(batch::event_tokens(&self.object[self.body..])?)
    }

    /// Whether all of it is as the viewer wrote it.
    pub(crate) fn is_whole(&self) -> bool {
        self.meta().is_ok() && self.events().is_ok_and(|events| events.iter().all(Result::is_ok))
    }
}

/// A stored batch, as far as its name tells.
#[derive(Debug, Clone)]
pub(crate) struct ListedBatch {
    pub(crate) name: BatchName,
    pub(crate) info: BatchInfo,
}

impl ListedBatch {
    fn parse(name: &str) -> Option<Self> {
        BatchInfo::parse(name).map(|(name, info)| Self { name, info })
    }
}

/// The accepted batches of all sessions, of one kind.
#[derive(Debug)]
pub(crate) struct Batches {
    kind: Kind,
    objects: Objects,
    process: u64,
}

impl Batches {
    pub(super) fn new(kind: Kind, objects: Objects, process: u64) -> Self {
        Self { kind, objects, process }
    }

    pub(super) async fn add(
        &self,
        id: &ReplayId,
        info: &BatchInfo,
        meta: &BatchMeta,
        body: Vec<u8>,
    ) -> Result<BatchName, StoreError> {
        let mut line = serde_json::to_vec(meta)?;
        line.push(b'\n');
        let payload: PutPayload = [Bytes::from(line), Bytes::from(body)].into_iter().collect();
        let name = info.name(self.process);
        self.objects.put_unique(self.kind, id, name.as_str(), payload).await?;
        Ok(name)
    }

    pub(crate) async fn read(&self, id: &ReplayId, name: &BatchName) -> Result<StoredBatch, StoreError> {
        StoredBatch::new(self.objects.get(self.kind, id, name.as_str()).await?)
    }

    /// The batches of a session in the order of their arrival, all of them or those with a name above `after`.
    pub(crate) async fn list(
        &self,
        id: &ReplayId,
        after: Option<&BatchName>,
    ) -> Result<Vec<ListedBatch>, StoreError> {
        let names = self.objects.names(self.kind, id, after.map(BatchName::as_str)).await?;
        Ok(names.iter().filter_map(|name| ListedBatch::parse(name)).collect())
    }

    /// Calls `take` with every batch there is and its session, in no order.
    pub(crate) async fn each(&self, mut take: impl FnMut(ReplayId, ListedBatch)) -> Result<(), StoreError> {
        let take = |id, name: String| {
            if let Some(listed) = ListedBatch::parse(&name) {
                take(id, listed);
            }
        };
        Ok(self.objects.each(self.kind, take).await?)
    }

    /// Every batch of a device with its session, in no order.
    pub(crate) async fn all_of(&self, device: &DeviceId) -> Result<Vec<(ReplayId, ListedBatch)>, StoreError> {
        let all = self.objects.all(self.kind, Extent::Device(device)).await?;
        Ok(all.into_iter().filter_map(|(id, name)| Some((id, ListedBatch::parse(&name)?))).collect())
    }

    /// Every batch there is with its session, in no order.
    pub(crate) async fn all(&self) -> Result<Vec<(ReplayId, ListedBatch)>, StoreError> {
        let all = self.objects.all(self.kind, Extent::All).await?;
        Ok(all.into_iter().filter_map(|(id, name)| Some((id, ListedBatch::parse(&name)?))).collect())
    }
}
