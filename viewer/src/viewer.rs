//! A viewer in this process: the same server as the binary, on a runtime of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::app::App;
use crate::config::Config;
use crate::error::StartError;
use crate::routes::router;
use crate::server::serve;

/// How long stopping may take before the connections are left to their fate.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A running viewer. Dropping it closes its connections and frees the port.
#[derive(Debug)]
pub struct Viewer {
    address: SocketAddr,
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    /// Behind a lock only so that a viewer may be shared by threads.
    stopped: Mutex<mpsc::Receiver<()>>,
}

impl Viewer {
    /// Opens the store, binds the address and serves, on threads of its own.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("replay-viewer")
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let address = SocketAddr::new(config.host, config.port);
        let listen_error = |source| StartError::Listen { address, source };
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let app = Arc::new(App::new(&config, address)?);
        let (stop, stopping) = oneshot::channel();
        let (ended, stopped) = mpsc::channel();
        let index = app.index.clone();
        runtime.spawn(async move {
            let loading = tokio::spawn({
                let index = index.clone();
                async move { index.load().await }
            });
            let max_connections = app.limits.max_connections();
            serve(listener, router(app), max_connections, stopping).await;
            loading.abort();
            index.close().await;
            // Nobody waits for it when the process is ending anyway.
            let _ = ended.send(());
        });
        Ok(Self { address, runtime: Some(runtime), stop: Some(stop), stopped: Mutex::new(stopped) })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The page, and the base of every other URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where batches are posted; the SDK's `trackServerUrl`.
    pub fn track_url(&self) -> String {
        format!("{}/sessions/v2/track", self.url())
    }

    /// Where remote configuration is asked for, without the API key; the SDK's `configServerUrl`.
    pub fn config_url(&self) -> String {
        format!("{}/config", self.url())
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = self.stopped.lock().recv_timeout(STOP_TIMEOUT);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
