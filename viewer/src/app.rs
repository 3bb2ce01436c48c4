//! What every request shares.

use std::net::SocketAddr;

use tokio::sync::watch;

use crate::config::Config;
use crate::error::StartError;
use crate::faults::Faults;
use crate::hosts::AllowedHosts;
use crate::limits::Limits;
use crate::remote_config::RemoteConfig;
use crate::request_log::RequestLog;
use crate::store::{Retention, Store};

/// The state of one viewer.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) hosts: AllowedHosts,
    pub(crate) faults: Faults,
    pub(crate) remote_config: RemoteConfig,
    pub(crate) log: RequestLog,
    pub(crate) limits: Limits,
    pub(crate) retention: Retention,
    pub(crate) max_wire_bytes: usize,
    pub(crate) max_body_bytes: usize,
    /// Counts what was accepted or refused here.
    arrivals: watch::Sender<u64>,
}

impl App {
    /// `bound` is the address that is listened on.
    pub(crate) fn new(config: &Config, bound: SocketAddr) -> Result<Self, StartError> {
        Ok(Self {
            store: Store::open(&config.store)?,
            hosts: AllowedHosts::new(bound, &config.allowed_hosts)?,
            faults: Faults::default(),
            remote_config: RemoteConfig::new(config.remote_config.as_deref())?,
            log: RequestLog::default(),
            limits: Limits::new(config.max_wire_bytes),
            retention: Retention { keep: config.keep, max_bytes: config.max_bytes },
            max_wire_bytes: config.max_wire_bytes,
            max_body_bytes: config.max_body_bytes,
            arrivals: watch::Sender::new(0),
        })
    }

    /// Wakes the live feeds: something was accepted or refused.
    pub(crate) fn announce_arrival(&self) {
        self.arrivals.send_modify(|count| *count += 1);
    }

    /// Changes with every arrival from now on.
    pub(crate) fn arrivals(&self) -> watch::Receiver<u64> {
        self.arrivals.subscribe()
    }
}
