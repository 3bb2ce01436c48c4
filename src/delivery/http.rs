//! One exchange over HTTP: the host's own, where it brings one; else ureq, with TLS by the operating system's trust store and the
//! proxy that the environment names.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Timeout};
use url::Url;

use super::proxy::Proxies;
use super::request::VERSION;
use super::{Reply, SKIPPED, Transport};

/// More of an answer is never read: a server that sends more has nothing to tell us.
const MAX_OF_A_REPLY: u64 = 1 << 20;

/// Sends requests, one after the other, over a connection that is kept.
pub(crate) struct Http {
    agent: Agent,
    proxies: Proxies,
    host: Arc<Transport>,
    aborted: AtomicBool,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct SendError {
    reason: String,
    /// Something was reached, so that less in a request might have got through: over a slow network, or past somebody
    /// who hangs up on what is too large instead of saying so.
    pub maybe_oversized: bool,
}

impl SendError {
    /// A failure before anybody was reached.
    pub fn unreachable(reason: String) -> Self {
        Self { reason, maybe_oversized: false }
    }

    /// A failure that the size of the request may be to blame for.
    pub fn maybe_oversized(reason: String) -> Self {
        Self { reason, maybe_oversized: true }
    }
}

impl From<ureq::Error> for SendError {
    fn from(error: ureq::Error) -> Self {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let maybe_oversized = match &error {
            ureq::Error::Timeout(timeout) => !matches!(timeout, Timeout::Resolve | Timeout::Connect),
            ureq::Error::Io(error) => {
                [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof].contains(&error.kind())
            }
            _ => false,
        };
        Self { reason: error.to_string(), maybe_oversized }
    }
}

impl Http {
    /// A client that has opened nothing yet.
    pub fn new(host: Arc<Transport>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(1)
            .proxy(None)
            .user_agent(format!("session-replay/{VERSION}"))
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::new(), OwnThread::default());
        Self { agent, proxies: Proxies::from_env(), host, aborted: AtomicBool::new(false) }
    }

    /// Sends a body and waits for the answer, at most `timeout`.
    pub fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: &[u8],
        timeout: Duration,
    ) -> Result<Reply, SendError> {
        let host = self.host.exchange("POST", url.as_str(), headers, body, timeout, &self.aborted);
        if let Some(reply) = host {
            return reply;
        }
        // Who needs most of the time to be reached is not there; what is still under way at the end was too slow.
        let connect = timeout.mul_f64(0.75);
        let config = self.agent.post(url.as_str()).config().proxy(self.proxies.for_url(url)?);
        let mut request = config.timeout_global(Some(timeout)).timeout_connect(Some(connect)).build();
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        read(request.send(body))
    }

    /// Asks for a document, at most `timeout` long.
    pub fn get(&self, url: &Url, timeout: Duration) -> Result<Reply, SendError> {
        let headers = [("Accept", "*/*".to_owned())];
        let host = self.host.exchange("GET", url.as_str(), &headers, &[], timeout, &self.aborted);
        if let Some(reply) = host {
            return reply;
        }
        let config = self.agent.get(url.as_str()).config().proxy(self.proxies.for_url(url)?);
        let mut request = config.timeout_global(Some(timeout)).build();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        read(request.call())
    }

    /// Ends a request that is under way, from another thread, and refuses those that follow.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.host.wake();
        self.agent.clone().shutdown();
    }
}

/// Looks names up on the thread that asks. ureq's own way starts a thread for each and may leave it behind, in
/// a process that is not ours and that may unload this library.
#[derive(Debug, Default)]
struct OwnThread(DefaultResolver);

impl Resolver for OwnThread {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, NextTimeout::default())
    }
}

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply, SendError> {
    let response = result?;
    let status = response.status().as_u16();
    let header = response.headers().get(SKIPPED);
    let skipped = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    // A body that breaks off takes back no status: what it means is the verdict's to say.
    let read = response.into_body().into_reader().take(MAX_OF_A_REPLY).read_to_end(&mut body);
    Ok(Reply { status, skipped, body, is_whole: read.is_ok() })
}
