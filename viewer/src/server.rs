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
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tower_service::Service;

use crate::faults::CutConnection;
use crate::hosts::LocalAddress;

/// Most connections at once; further ones wait in the listener's queue.
const CONNECTIONS: usize = 512;
/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves until told to stop, then drops every connection, also those that a fault left hanging.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &places) => accepted,
        };
        if let Some((stream, place)) = accepted {
            let router = router.clone();
            connections.spawn(async move {
                // A connection that breaks is the client's business, or a fault's.
                let _ = serve_connection(stream, router).await;
                drop(place);
            });
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(_) => {
            // Out of file descriptors, most likely: a tight loop would not bring them back.
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router) -> hyper::Result<()> {
    // Small replies should not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().map(LocalAddress).ok();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let mut router = router.clone();
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        async move {
            let response: Result<Response, Infallible> =
                Service::call(&mut router, request.map(Body::new)).await;
            let Ok(response) = response;
            match response.extensions().get::<CutConnection>() {
                Some(_) => Err(io::Error::other("cut as asked")),
                None => Ok(response),
            }
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
