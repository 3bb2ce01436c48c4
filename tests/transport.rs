//! TLS with the operating system's trust store, and proxies: by the option and by the environment.
//!
//! Much of it is read from the environment, so each test runs itself again as a child with an environment of its own. On Windows and
//! macOS no variable says who is trusted; `tests/win32/network.test.mjs` has Wine's store trust an authority, and its Internet
//! options name a proxy.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::child::this_test;
#[cfg(target_os = "linux")]
use common::child::this_test_behind;
use common::{Server, capture_all, timestamped, wait_until, within_ms};
use serde_json::json;
use session_replay::{Log, SessionReplay};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const SESSION: &str = "1732300000000";

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn a_certificate_of_a_trusted_authority_is_taken() {
    as_child(ship_one_event);
    let (server, tls) = (Server::start(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let child = child("a_certificate_of_a_trusted_authority_is_taken", address, |command| {
        command.env("SSL_CERT_FILE", tls.authority_file.path());
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(server.events("device-1", SESSION).len(), 1);
}

#[test]
fn a_certificate_of_anybody_else_is_an_error() {
    as_child(|| {
        let stats = ship_in_vain();
        assert_eq!(stats["delivered"], 0);
        assert_eq!(stats["waiting"]["events"], 1, "it is kept");
        let error = stats["lastError"]["message"].as_str().unwrap();
        assert!(error.to_lowercase().contains("certificate"), "{error}");
    });
    let (server, tls, other) = (Server::start(), Tls::new(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let child = child("a_certificate_of_anybody_else_is_an_error", address, |command| {
        command.env("SSL_CERT_FILE", other.authority_file.path());
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert!(server.events("device-1", SESSION).is_empty());
}

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn the_proxy_of_the_environment_is_used() {
    as_child(ship_one_event);
    let (server, tls) = (Server::start(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let (proxy, tunnels) = serve_proxy(&runtime);
    let child = child("the_proxy_of_the_environment_is_used", address, |command| {
        command.env("SSL_CERT_FILE", tls.authority_file.path()).env("HTTPS_PROXY", format!("http://{proxy}"));
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(server.events("device-1", SESSION).len(), 1);
    assert_eq!(tunnels.load(Ordering::SeqCst), 1);
}

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn no_proxy_is_heeded() {
    as_child(ship_one_event);
    let (server, tls) = (Server::start(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let (proxy, tunnels) = serve_proxy(&runtime);
    let child = child("no_proxy_is_heeded", address, |command| {
        command
            .env("SSL_CERT_FILE", tls.authority_file.path())
            .env("HTTPS_PROXY", format!("http://{proxy}"))
            .env("NO_PROXY", "example.com, localhost");
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(server.events("device-1", SESSION).len(), 1);
    assert_eq!(tunnels.load(Ordering::SeqCst), 0);
}

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn the_schemes_own_proxy_comes_before_the_one_for_all() {
    as_child(ship_one_event);
    let (server, tls) = (Server::start(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let (proxy, tunnels) = serve_proxy(&runtime);
    let child = child("the_schemes_own_proxy_comes_before_the_one_for_all", address, |command| {
        command
            .env("SSL_CERT_FILE", tls.authority_file.path())
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", format!("http://{proxy}"));
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(tunnels.load(Ordering::SeqCst), 1);
}

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn an_authority_that_is_added_while_the_program_runs_is_trusted() {
    as_child(|| {
        let replay = start();
        assert!(replay.flush(500).is_err());
        assert_eq!(replay.stats()["delivered"], 0);
        std::fs::copy(std::env::var(LATER).unwrap(), std::env::var("SSL_CERT_FILE").unwrap()).unwrap();
        replay.flush(within_ms(10_000)).unwrap();
        assert_eq!(replay.stats()["delivered"], 1, "{}", replay.stats());
    });
    let (server, tls, other) = (Server::start(), Tls::new(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let child = child("an_authority_that_is_added_while_the_program_runs_is_trusted", address, |command| {
        command.env("SSL_CERT_FILE", other.authority_file.path()).env(LATER, tls.authority_file.path());
    });
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(server.events("device-1", SESSION).len(), 1);
}

/// The distribution's own bundle, as `update-ca-certificates` writes it, without any variable; in a mount namespace.
#[test]
#[cfg(target_os = "linux")]
fn the_bundle_of_the_distribution_is_trusted() {
    as_child(ship_one_event);
    let (server, tls, bundle) = (Server::start(), Tls::new(), tempfile::tempdir().unwrap());
    std::fs::copy(tls.authority_file.path(), bundle.path().join("ca-certificates.crt")).unwrap();
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let script = format!("mount --bind '{}' /etc/ssl/certs && exec \"$@\"", bundle.path().display());
    let wrapper = ["unshare", "--map-root-user", "--mount", "sh", "-c", &script, "sh"];
    let mut command = this_test_behind(&wrapper, "the_bundle_of_the_distribution_is_trusted");
    prepare(&mut command, address);
    let child = command.output().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(server.events("device-1", SESSION).len(), 1);
}

#[test]
#[cfg_attr(any(windows, target_os = "macos"), ignore = "SSL_CERT_FILE says nothing there")]
fn the_proxy_of_the_option_comes_before_the_environment() {
    as_child(ship_one_event);
    let (server, tls) = (Server::start(), Tls::new());
    let runtime = Runtime::new().unwrap();
    let address = tls.serve(&runtime, &server);
    let (proxy, tunnels) = serve_proxy(&runtime);
    for (option, expected) in
        [(format!("http://{proxy}"), 1), ("none".to_owned(), 1), ("system".to_owned(), 2)]
    {
        let child = child("the_proxy_of_the_option_comes_before_the_environment", address, |command| {
            command.env("SSL_CERT_FILE", tls.authority_file.path()).env(PROXY, &option);
            let elsewhere = "http://127.0.0.1:9".to_owned();
            command
                .env("HTTPS_PROXY", if option == "system" { format!("http://{proxy}") } else { elsewhere });
        });
        assert!(child.status.success(), "{option}: {}", String::from_utf8_lossy(&child.stdout));
        assert_eq!(tunnels.load(Ordering::SeqCst), expected, "{option}");
    }
    assert_eq!(server.events("device-1", SESSION).len(), 3);
}

#[test]
fn a_proxy_that_wants_a_password_is_told_of_and_gets_it() {
    as_child(|| {
        let stats = ship_in_vain();
        let said = stats["lastError"]["message"].as_str().unwrap();
        let has_password = std::env::var(PROXY).unwrap().contains('@');
        // With it the tunnel is there, and leads to nobody who speaks TLS.
        assert_eq!(
            said.contains("of the option proxy asks for a user and a password"),
            !has_password,
            "{said}"
        );
        assert!(said.contains("the proxy 127.0.0.1:") && !said.contains("hunter2"), "{said}");
    });
    let nobody = "127.0.0.1:9".parse().unwrap();
    let proxy = serve_proxy_with_password("Basic dXNlcjpodW50ZXIy");
    for user in ["", "user:hunter2@"] {
        let child = child("a_proxy_that_wants_a_password_is_told_of_and_gets_it", nobody, |command| {
            command.env(PROXY, format!("http://{user}{proxy}"));
        });
        assert!(child.status.success(), "{user}: {}", String::from_utf8_lossy(&child.stdout));
    }
}

#[test]
fn no_password_is_repeated() {
    const SECRET: &str = "hunter2";
    as_child(|| {
        let url = std::env::var(TRACK_URL).unwrap();
        let with_password = url.replacen("://", &format!("://user:{SECRET}@"), 1);
        let log = Arc::new(Log::default());
        log.take();
        for (remote, track, config) in [
            (false, with_password.as_str(), "http://127.0.0.1:9"),
            (true, url.as_str(), with_password.as_str()),
        ] {
            let more = json!({
                "enableRemoteConfig": remote,
                "configServerUrl": config,
                "flushMaxRetries": 1,
                "logLevel": "debug",
            });
            let options = capture_all(track, more);
            let replay = SessionReplay::start("key", options, log.clone()).unwrap();
            replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
            // Dropped, and quoted.
            replay
                .record(format!("{{\"type\":4,\"data\":{{\"href\":\"{with_password}\"}}}}").as_bytes())
                .unwrap();
            let mut said = String::new();
            wait_until("what went wrong", || {
                let error = replay.flush(100).err().map(|error| error.to_string()).unwrap_or_default();
                said += &format!("{error} {} {:?}", replay.stats(), log.take());
                said.contains("no response") || said.contains("no remote configuration")
            });
            assert!(!said.contains(SECRET), "{said}");
        }
    });
    let nobody = "127.0.0.1:9".parse().unwrap();
    // No proxy, one that is not there, and two that can't be used.
    for proxy in
        ["", "http://user:hunter2@127.0.0.1:9", "gopher://user:hunter2@p", "http://user:hunter2/#@p:1"]
    {
        let child = child("no_password_is_repeated", nobody, |command| {
            command.env("HTTPS_PROXY", proxy);
        });
        assert!(child.status.success(), "{proxy}: {}", String::from_utf8_lossy(&child.stdout));
    }
}

/// Where the child finds the server.
const TRACK_URL: &str = "TRANSPORT_TEST_TRACK_URL";
/// Its option `proxy`.
const PROXY: &str = "TRANSPORT_TEST_PROXY";
/// The authority that it is to trust later.
const LATER: &str = "TRANSPORT_TEST_LATER";

/// In the child: does its part and ends the process.
fn as_child(part: impl FnOnce()) {
    if std::env::var_os(TRACK_URL).is_some() {
        part();
        std::process::exit(0);
    }
}

fn child(test: &str, server: SocketAddr, environment: impl FnOnce(&mut Command)) -> Output {
    let mut command = this_test(test);
    prepare(&mut command, server);
    environment(&mut command);
    command.output().unwrap()
}

/// The environment of a child: where the server is, and nothing that says how to get there.
fn prepare(command: &mut Command, server: SocketAddr) {
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR", "SSL_CERT_FILE"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env(TRACK_URL, format!("https://localhost:{}/sessions/v2/track", server.port()));
}

fn ship_one_event() {
    let replay = start();
    let _ = replay.flush(10_000);
    let stats = replay.stats();
    assert_eq!(stats["delivered"], 1, "{stats}");
}

/// What is told of one event once its request has failed, however long a handshake takes.
fn ship_in_vain() -> serde_json::Value {
    let replay = start();
    let _ = replay.flush(0);
    wait_until("the failure", || !replay.stats()["lastError"].is_null());
    replay.stats()
}

/// A recorder with one event.
fn start() -> SessionReplay {
    let options = json!({ "proxy": std::env::var(PROXY).ok(), "flushMaxRetries": 1 });
    let options = capture_all(&std::env::var(TRACK_URL).unwrap(), options);
    let replay = SessionReplay::start("key", options, Arc::<Log>::default()).unwrap();
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay
}

/// A TLS server for `localhost`, and the authority that vouches for it.
struct Tls {
    authority_file: tempfile::NamedTempFile,
    acceptor: TlsAcceptor,
}

impl Tls {
    fn new() -> Self {
        let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        authority.distinguished_name.push(rcgen::DnType::CommonName, "an authority of this test");
        let authority_key = rcgen::KeyPair::generate().unwrap();
        let authority_certificate = authority.self_signed(&authority_key).unwrap();
        let mut authority_file = tempfile::NamedTempFile::new().unwrap();
        authority_file.write_all(authority_certificate.pem().as_bytes()).unwrap();

        let key = rcgen::KeyPair::generate().unwrap();
        let issuer = rcgen::Issuer::new(authority, authority_key);
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        Self { authority_file, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    fn serve(&self, runtime: &Runtime, server: &Server) -> SocketAddr {
        let behind = server.address();
        let acceptor = self.acceptor.clone();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut client = acceptor.accept(stream).await.ok()?;
                    let mut server = TcpStream::connect(behind).await.ok()?;
                    copy_bidirectional(&mut client, &mut server).await.ok()
                });
            }
        });
        address
    }
}

/// A proxy that knows CONNECT, and how many tunnels it made.
fn serve_proxy(runtime: &Runtime) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let tunnels = Arc::new(AtomicUsize::new(0));
    let counter = tunnels.clone();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counter = counter.clone();
            tokio::spawn(async move {
                let mut client = BufReader::new(stream);
                let mut request = String::new();
                while !request.ends_with("\r\n\r\n") {
                    client.read_line(&mut request).await.ok()?;
                }
                let target = request.strip_prefix("CONNECT ")?.split(' ').next()?;
                let mut server = TcpStream::connect(target).await.ok()?;
                counter.fetch_add(1, Ordering::SeqCst);
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
                copy_bidirectional(&mut client, &mut server).await.ok()
            });
        }
    });
    (address, tunnels)
}

/// A proxy that wants a password for each tunnel. Its tunnels lead nowhere.
fn serve_proxy_with_password(authorization: &'static str) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let lines = std::io::BufReader::new(client.try_clone().unwrap()).lines();
            let head: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let is_known = head.contains(&format!("Proxy-Authorization: {authorization}"));
            let status = if is_known { "200 OK" } else { "407 Proxy Authentication Required" };
            let _ = client.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes());
        }
    });
    address
}
