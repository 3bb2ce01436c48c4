//! What every request shares.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::config::Config;
use crate::error::StartError;
use crate::faults::Faults;
use crate::hosts::AllowedHosts;
use crate::index::Index;
use crate::limits::Limits;
use crate::remote_config::RemoteConfig;
use crate::request_log::RequestLog;
use crate::store::Store;

/// The state of one viewer.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Arc<Store>,
    pub(crate) index: Index,
    pub(crate) hosts: AllowedHosts,
    pub(crate) faults: Faults,
    pub(crate) remote_config: RemoteConfig,
    pub(crate) log: RequestLog,
    pub(crate) limits: Limits,
    pub(crate) max_wire_bytes: usize,
    pub(crate) max_body_bytes: usize,
}

impl App {
    /// `bound` is the address that is listened on.
    pub(crate) fn new(config: &Config, bound: SocketAddr) -> Result<Self, StartError> {
        let store = Arc::new(Store::open(&config.store)?);
        Ok(Self {
            index: Index::new(Arc::clone(&store)),
            store,
            hosts: AllowedHosts::new(bound, &config.allowed_hosts)?,
            faults: Faults::default(),
            remote_config: RemoteConfig::new(config.remote_config.as_deref())?,
            log: RequestLog::default(),
            limits: Limits::new(config.max_wire_bytes),
            max_wire_bytes: config.max_wire_bytes,
            max_body_bytes: config.max_body_bytes,
        })
    }
}
