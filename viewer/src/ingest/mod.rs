//! What SDKs speak to: the ingest, and remote configuration.

mod decompress;
mod head;
mod keep;
mod receive;
mod refusal;
mod remote_config;
mod reply;
mod storing;
mod track;

pub(crate) use remote_config::remote_config;
pub(crate) use track::track;
