//! The viewer as a program.

use std::io::Write;
use std::net::{IpAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use session_replay_viewer::{Config, StoreLocation, Viewer, parse_bytes, parse_duration};

/// Receives session replays as Amplitude's ingest would, keeps them, and plays them in a browser.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address to listen on, or a name that stands for it; replays show what users saw, so think before you leave loopback
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Another host to answer to, such as desk.example or 10.0.2.2:9000, for containers and proxies; may be repeated
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<String>,
    /// Folder that keeps what is received; a temporary one, deleted at the end, if none is given
    #[arg(long, value_name = "DIR", conflicts_with = "store")]
    data: Option<PathBuf>,
    /// Bucket that keeps what is received, such as s3://bucket/prefix
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Option of the bucket, such as endpoint=http://127.0.0.1:9000 or allow_http=true; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value, requires = "store")]
    store_option: Vec<(String, String)>,
    /// How long a session is kept after something of it arrived last, such as 30d, 12h or 4w; without it, until it is deleted
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    keep: Option<Duration>,
    /// How much the store may hold, such as 10GB or 500MB; above that the oldest sessions are deleted
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes)]
    max_bytes: Option<u64>,
    /// Remote configuration to answer with: JSON text, or a file that holds it
    #[arg(long, value_name = "FILE|JSON")]
    remote_config: Option<String>,
    /// Largest request body taken from the wire, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().max_wire_bytes)]
    max_wire_bytes: usize,
    /// Largest request body after decompression, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().max_body_bytes)]
    max_body_bytes: usize,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("session-replay-viewer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Listens for signals before it says that it is there: whoever reads that may stop it at once.
    let stop = {
        let _inside = runtime.enter();
        stop_signal()?
    };
    let config = config(arguments)?;
    // On standard error: whoever starts the program reads one line of its output, and then may read no more.
    if let Some(limits) = config.limits_in_words() {
        let _ = writeln!(std::io::stderr(), "{limits}");
    }
    let viewer = Viewer::start(config)?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", viewer.url())?;
    out.flush()?;
    runtime.block_on(stop);
    Ok(())
}

fn config(arguments: Arguments) -> Result<Config, Box<dyn std::error::Error>> {
    let store = match (arguments.data, arguments.store) {
        (Some(folder), _) => StoreLocation::Folder(folder),
        (None, Some(url)) => StoreLocation::Url { url, options: arguments.store_option },
        (None, None) => StoreLocation::Temporary,
    };
    let remote_config = match arguments.remote_config {
        Some(text) if !text.trim_start().starts_with('{') => Some(
            std::fs::read_to_string(&text)
                .map_err(|error| format!("can't read the remote configuration {text}: {error}"))?,
        ),
        text => text,
    };
    let mut allowed_hosts = arguments.allow_host;
    let host = match arguments.host.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => {
            let found = (&*arguments.host, arguments.port)
                .to_socket_addrs()
                .map_err(|error| format!("can't find the host {}: {error}", arguments.host))?
                .next()
                .ok_or_else(|| format!("the host {} has no address", arguments.host))?;
            allowed_hosts.push(arguments.host);
            found.ip()
        }
    };
    Ok(Config {
        host,
        port: arguments.port,
        allowed_hosts,
        store,
        keep: arguments.keep,
        max_bytes: arguments.max_bytes,
        remote_config,
        max_wire_bytes: arguments.max_wire_bytes,
        max_body_bytes: arguments.max_body_bytes,
    })
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("not of the form KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Ends on Ctrl-C, and on SIGTERM where there is one.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends on Ctrl-C.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
