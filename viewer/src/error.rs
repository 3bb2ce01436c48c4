//! Why a viewer can't start.

use std::net::SocketAddr;

use crate::hosts::InvalidHost;
use crate::remote_config::InvalidRemoteConfig;
use crate::store::OpenError;

/// Why a viewer could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// One of the hosts to answer to is none.
    #[error(transparent)]
    Host(#[from] InvalidHost),
    /// The threads can't be started.
    #[error("can't start the server's threads: {0}")]
    Threads(#[source] std::io::Error),
    /// The store can't be opened.
    #[error("can't open the store: {0}")]
    Store(#[from] OpenError),
    /// The remote configuration is none.
    #[error(transparent)]
    RemoteConfig(#[from] InvalidRemoteConfig),
}
