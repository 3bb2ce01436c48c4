//! Accepts connections and serves them, cutting those that a fault wants cut.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tower_service::Service;

use crate::connection::{
    Connection, ConnectionTable, CutConnection, InFlightBody, LocalAddress, MinDataRate, PeerAddress,
};

/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves until told to stop, then drops every connection, also those that a fault left hanging. Of more than
/// `max_connections`, some are evicted.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: usize,
    mut stop: oneshot::Receiver<()>,
) {
    let mut tasks = JoinSet::new();
    let mut connections = ConnectionTable::default();
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let room = connections.count() < max_connections || connections.evict_one();
        match accepted {
            Ok((stream, _)) if room => {
                let connection = Connection::new();
                // A connection that breaks is the client's business, or a fault's.
                let task = tasks.spawn(serve_connection(stream, router.clone(), Arc::clone(&connection)));
                connections.add(connection, task);
            }
            Ok(_) => {}
            Err(_) => {
                // Out of file descriptors, most likely, whoever has them; a tight loop would not bring them back.
                connections.evict_one();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    tasks.shutdown().await;
}

async fn serve_connection(stream: TcpStream, router: Router, connection: Arc<Connection>) {
    // Small replies should not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().map(LocalAddress).ok();
    let peer = stream.peer_addr().map(|address| PeerAddress(address.ip())).ok();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let mut router = router.clone();
        let in_flight = connection.begin_request();
        request.extensions_mut().insert(Arc::clone(&connection));
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        async move {
            let response: Result<Response, Infallible> =
                Service::call(&mut router, request.map(Body::new)).await;
            let Ok(response) = response;
            match response.extensions().get::<CutConnection>() {
                Some(_) => Err(io::Error::other("cut as asked")),
                None => Ok(response.map(|body| InFlightBody::new(body, in_flight))),
            }
        }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(MinDataRate::new(stream)), service)
        .await;
}
