//! What a viewer may be told before it starts.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::units::{bytes_in_words, duration_in_words};

/// Settings of one viewer. The default listens on a free loopback port and keeps everything in a temporary folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on. Replays show what users saw, so it is loopback unless asked otherwise.
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Hosts to answer to beside loopback and the address it listens on: `name`, `name:port` or an address, as they stand
    /// in a URL. Without a port it is the viewer's own. Every other request is turned away (421), so that no page can reach
    /// the viewer by a name of its own.
    pub allowed_hosts: Vec<String>,
    /// Where accepted sequences are kept.
    pub store: StoreLocation,
    /// How long a session is kept after something of it arrived last. `None`: until somebody deletes it.
    pub keep: Option<Duration>,
    /// How many bytes the store may hold, as they are stored. What is above that is deleted, oldest sessions first.
    pub max_bytes: Option<u64>,
    /// The answer to remote configuration requests, as JSON text: the whole answer (an object with `configs`) or its
    /// `sessionReplay` part. `None`: capture everything.
    pub remote_config: Option<String>,
    /// Largest request body taken from the wire, in bytes.
    pub max_wire_bytes: usize,
    /// Largest request body after decompression, in bytes. One event of 9,000,000 bytes can double when it is escaped.
    pub max_body_bytes: usize,
}

/// Where accepted sequences are kept.
#[derive(Debug, Clone)]
pub enum StoreLocation {
    /// A folder that is deleted when the viewer stops.
    Temporary,
    /// A folder, made if it does not exist. Several viewers may share it.
    Folder(PathBuf),
    /// A bucket such as `s3://bucket/prefix`, with options such as `endpoint` or `region`. Several viewers may share
    /// it. Credentials come from the options or from the usual `AWS_…` environment variables.
    Url {
        /// The bucket and prefix.
        url: String,
        /// Options by the names that the `object_store` crate gives them.
        options: Vec<(String, String)>,
    },
}

impl Config {
    /// What is deleted without being asked, in words; `None` when nothing is.
    pub fn limits_in_words(&self) -> Option<String> {
        let keep = self
            .keep
            .map(|keep| format!("sessions of which nothing has arrived for {}", duration_in_words(keep)));
        let most = self.max_bytes.map(|most| format!("the oldest sessions above {}", bytes_in_words(most)));
        let limits: Vec<_> = keep.into_iter().chain(most).collect();
        (!limits.is_empty())
            .then(|| format!("deletes {}, but none that is being recorded", limits.join(", and ")))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            allowed_hosts: Vec::new(),
            store: StoreLocation::Temporary,
            keep: None,
            max_bytes: None,
            remote_config: None,
            max_wire_bytes: 20_000_000,
            max_body_bytes: 20_000_000,
        }
    }
}
