//! A connection whose reader has to keep up: one that does not read, or a byte at a time, would hold a reply in memory for
//! as long as it likes.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How often a reader is looked at.
const PERIOD: Duration = Duration::from_secs(10);
/// What it has to have read by then, in bytes, unless there was less.
const MIN_BYTES: usize = 1 << 20;

/// A stream that fails when its peer reads too slowly.
#[derive(Debug)]
pub(crate) struct MinDataRate<S> {
    stream: S,
    period: Duration,
    min_bytes: usize,
    /// Runs while the peer has not taken everything.
    period_end: Option<Pin<Box<Sleep>>>,
    /// Bytes that the peer took in this period.
    taken: usize,
}

impl<S> MinDataRate<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self::with(stream, PERIOD, MIN_BYTES)
    }

    fn with(stream: S, period: Duration, min_bytes: usize) -> Self {
        Self { stream, period, min_bytes, period_end: None, taken: 0 }
    }

    /// Fails a write of `offered` bytes that waits for a peer which reads too slowly.
    fn check_write(
        &mut self,
        written: Poll<io::Result<usize>>,
        offered: usize,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.taken += bytes;
            if bytes == offered {
                self.period_end = None;
            }
            return written;
        }
        if written.is_ready() {
            return written;
        }
        loop {
            let period = self.period;
            let taken = &mut self.taken;
            let period_end = self.period_end.get_or_insert_with(|| {
                *taken = 0;
                Box::pin(tokio::time::sleep(period))
            });
            ready!(period_end.as_mut().poll(context));
            if self.taken < self.min_bytes {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.taken = 0;
            period_end.as_mut().reset(Instant::now() + self.period);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for MinDataRate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for MinDataRate<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.check_write(written, bytes.len(), context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.check_write(written, bytes.iter().map(|slice| slice.len()).sum(), context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// Writes `bytes` to a reader that takes `step` of them every `pause`; whether that goes well.
    async fn write(bytes: usize, step: usize, pause: Duration) -> bool {
        let (ours, mut theirs) = duplex(100);
        let mut stream = MinDataRate::with(ours, Duration::from_secs(10), 1_000);
        let reader = tokio::spawn(async move {
            let mut buffer = vec![0; step];
            loop {
                tokio::time::sleep(pause).await;
                if theirs.read(&mut buffer).await.unwrap_or(0) == 0 {
                    return;
                }
            }
        });
        let written = stream.write_all(&vec![0; bytes]).await.is_ok();
        reader.abort();
        written
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_has_to_keep_up() {
        let second = Duration::from_secs(1);
        assert!(write(100_000, 100, second / 2).await, "2,000 bytes in a period");
        assert!(!write(100_000, 50, second).await, "500 bytes in a period");
        assert!(!write(200, 1, 3_600 * second).await, "one that never reads");
        assert!(write(150, 100, 9 * second).await, "less than a period has to have");
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_there_is_nothing_to_read_is_not_held_against_it() {
        let (ours, mut theirs) = duplex(100);
        let mut stream = MinDataRate::with(ours, Duration::from_secs(10), 1_000);
        tokio::spawn(async move {
            let mut buffer = [0; 100];
            while theirs.read(&mut buffer).await.unwrap_or(0) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        for _ in 0..5 {
            stream.write_all(&[0; 300]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    }
}
