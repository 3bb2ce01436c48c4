//! One request over HTTP: by the host's own transport, if it set one, or by a host that takes it; else by ureq, with the operating system's trust
//! store for TLS and the proxy that the option, the environment or the system names.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

use super::buffer::MmapBuffer;
use super::host_transport::Transport;
use super::offer::{MAX_UNTAKEN, Offer, RequestBody, RequestKind};
use super::proxy::{Proxies, Route};
use super::request::VERSION;
use super::response::{Response, SKIPPED};
use super::send_error::SendError;
use super::tls;
use crate::options::{HostRequests, ProxyChoice};

/// No more of a response body is read: what follows can't matter.
const MAX_RESPONSE_BYTES: u64 = 1 << 20;

/// Sends requests, one after the other, over a connection that is kept open.
pub(crate) struct Http {
    agent: Agent,
    proxies: Proxies,
    host: Arc<Transport>,
    /// Which requests wait for the host to take them.
    host_requests: HostRequests,
    aborted: AtomicBool,
}

/// A request that a host may carry.
struct Asked<'a> {
    kind: RequestKind,
    url: &'a Url,
    headers: &'a [(&'static str, String)],
    body: Option<&'a Arc<MmapBuffer>>,
    timeout: Duration,
}

impl Http {
    /// A client. It opens no connection until the first request.
    pub fn new(host: Arc<Transport>, proxy: ProxyChoice, host_requests: HostRequests) -> Self {
        let config = Agent::config_builder();
        #[cfg(feature = "tls")]
        let config = config.tls_config(tls::config());
        let config = config
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(1)
            .proxy(None)
            .user_agent(format!(
                "session-replay/{VERSION} ({}; {})",
                std::env::consts::OS,
                std::env::consts::ARCH
            ))
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::new(), BlockingResolver::default());
        let proxies = Proxies::new(proxy);
        Self { agent, proxies, host, host_requests, aborted: AtomicBool::new(false) }
    }

    /// Sends a body and waits at most `timeout` for the response.
    pub fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: &Arc<MmapBuffer>,
        timeout: Duration,
    ) -> Result<Response, SendError> {
        let by_host = Asked { kind: RequestKind::Events, url, headers, body: Some(body), timeout };
        if let Some(result) = self.of_host(&by_host, MAX_UNTAKEN) {
            return result;
        }
        // A server that takes most of the time to connect counts as unreachable; a request that is under way when the
        // time is over counts as too slow, and maybe as oversized.
        let connect = timeout.mul_f64(0.75);
        let route = self.route(url)?;
        let config = self.agent.post(url.as_str()).config().proxy(route.proxy.clone());
        let mut request = config.timeout_global(Some(timeout)).timeout_connect(Some(connect)).build();
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        read(request.send(&body[..])).map_err(|error| self.failed(url, &route, error))
    }

    /// Fetches a document, waiting at most `timeout`. A host that takes its requests has as long for that, or longer where the
    /// caller is `patient`.
    pub fn get(&self, url: &Url, timeout: Duration, patient: bool) -> Result<Response, SendError> {
        let headers = [("Accept", "*/*".to_owned())];
        let by_host = Asked { kind: RequestKind::Config, url, headers: &headers, body: None, timeout };
        if let Some(result) = self.of_host(&by_host, if patient { MAX_UNTAKEN } else { timeout }) {
            return result;
        }
        let route = self.route(url)?;
        let config = self.agent.get(url.as_str()).config().proxy(route.proxy.clone());
        let mut request = config.timeout_global(Some(timeout)).build();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        read(request.call()).map_err(|error| self.failed(url, &route, error))
    }

    /// By the host's own transport, or by a host that takes the request within its `patience`; `None`: neither is there.
    fn of_host(&self, asked: &Asked, patience: Duration) -> Option<Result<Response, SendError>> {
        let Asked { kind, url, headers, body, timeout } = *asked;
        let (method, is_offered) = match kind {
            RequestKind::Events => ("POST", self.host_requests.has_events()),
            RequestKind::Config => ("GET", self.host_requests.has_config()),
        };
        let bytes = body.map_or(&[][..], |body| &body[..]);
        let by_host = self.host.exchange(method, url.as_str(), headers, bytes, timeout, &self.aborted);
        if by_host.is_some() || !is_offered {
            return by_host;
        }
        let (url, headers) = (url.as_str().to_owned(), headers.to_vec());
        let offer = Offer { kind, method, url, headers, body: body.map(RequestBody::new), timeout };
        Some(self.host.offer(offer, patience, &self.aborted))
    }

    /// The way to the server, if this build can go there at all.
    fn route(&self, url: &Url) -> Result<Route, SendError> {
        tls::check(url)?;
        self.proxies.route(url)
    }

    /// Why there was no response; the next request may go another way.
    fn failed(&self, url: &Url, route: &Route, error: ureq::Error) -> SendError {
        let error = SendError::of_request(&error, route.described().as_deref());
        if !error.maybe_oversized {
            self.proxies.note_failure(url, route);
        }
        error
    }

    /// Finds the way to a server before a request needs it, where the operating system takes its time for that. Nothing is sent.
    pub fn prepare(&self, url: &Url) {
        if !self.host.has_http() && !self.host_requests.has_events() {
            self.proxies.prepare(url);
        }
    }

    /// What is sent from now on is sent during a shutdown: finding the way is to take no time of it. Called by another thread.
    pub fn begin_close(&self) {
        self.proxies.begin_close();
    }

    #[cfg(test)]
    pub fn is_closing(&self) -> bool {
        self.proxies.is_closing()
    }

    /// Cuts off the request that is under way, and refuses those that follow. Called by another thread.
    pub fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.begin_close();
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

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Response, ureq::Error> {
    let response = result?;
    let status = response.status().as_u16();
    let header = response.headers().get(SKIPPED);
    let skipped = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    // A body that breaks off does not undo the status: `Response::class` says what it means.
    let read = response.into_body().into_reader().take(MAX_RESPONSE_BYTES).read_to_end(&mut body);
    Ok(Response { status, skipped, body, is_whole: read.is_ok() })
}
