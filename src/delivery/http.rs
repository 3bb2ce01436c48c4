//! One request over HTTP: by the host's own transport, if it set one; else by ureq, with the operating system's trust
//! store for TLS and the proxy of the environment.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

use super::host_transport::Transport;
use super::proxy::Proxies;
use super::request::VERSION;
use super::response::{Response, SKIPPED};
use super::send_error::SendError;

/// No more of a response body is read: what follows can't matter.
const MAX_RESPONSE_BYTES: u64 = 1 << 20;

/// Sends requests, one after the other, over a connection that is kept open.
pub(crate) struct Http {
    agent: Agent,
    proxies: Proxies,
    host: Arc<Transport>,
    aborted: AtomicBool,
}

impl Http {
    /// A client. It opens no connection until the first request.
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
        let agent = Agent::with_parts(config, DefaultConnector::new(), BlockingResolver::default());
        Self { agent, proxies: Proxies::from_env(), host, aborted: AtomicBool::new(false) }
    }

    /// Sends a body and waits at most `timeout` for the response.
    pub fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: &[u8],
        timeout: Duration,
    ) -> Result<Response, SendError> {
        let by_host = self.host.exchange("POST", url.as_str(), headers, body, timeout, &self.aborted);
        if let Some(result) = by_host {
            return result;
        }
        // A server that takes most of the time to connect counts as unreachable; a request that is under way when the
        // time is over counts as too slow, and maybe as oversized.
        let connect = timeout.mul_f64(0.75);
        let config = self.agent.post(url.as_str()).config().proxy(self.proxies.for_url(url)?);
        let mut request = config.timeout_global(Some(timeout)).timeout_connect(Some(connect)).build();
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        read(request.send(body))
    }

    /// Fetches a document, waiting at most `timeout`.
    pub fn get(&self, url: &Url, timeout: Duration) -> Result<Response, SendError> {
        let headers = [("Accept", "*/*".to_owned())];
        let by_host = self.host.exchange("GET", url.as_str(), &headers, &[], timeout, &self.aborted);
        if let Some(result) = by_host {
            return result;
        }
        let config = self.agent.get(url.as_str()).config().proxy(self.proxies.for_url(url)?);
        let mut request = config.timeout_global(Some(timeout)).build();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        read(request.call())
    }

    /// Cuts off the request that is under way, and refuses those that follow. Called by another thread.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.host.wake();
        self.agent.clone().shutdown();
    }
}

/// Resolves names on the calling thread. ureq starts a thread for each name, which it may leave running in a process
/// that is not ours and that may unload this library.
#[derive(Debug, Default)]
struct BlockingResolver(DefaultResolver);

impl Resolver for BlockingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, NextTimeout::default())
    }
}

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Response, SendError> {
    let response = result?;
    let status = response.status().as_u16();
    let header = response.headers().get(SKIPPED);
    let skipped = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    // A body that breaks off does not undo the status: `Response::class` says what it means.
    let read = response.into_body().into_reader().take(MAX_RESPONSE_BYTES).read_to_end(&mut body);
    Ok(Response { status, skipped, body, is_whole: read.is_ok() })
}
