//! Closing a connection so that the last answer arrives.
//!
//! An answer like 413 or 431 is sent while the peer is still sending. Closing at once would make the system answer the rest
//! with a reset, and a reset makes the peer throw away what it has not read yet: our answer. So the write side is closed
//! first, and what still comes is read and dropped for a moment.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long is read on, at most.
const LONGEST: Duration = Duration::from_secs(1);
/// How much is read on, at most, in bytes.
const MOST: usize = 8 << 20;

/// A stream that lingers when it is shut down.
pub(super) struct Linger {
    stream: TcpStream,
    closing: Option<Closing>,
}

struct Closing {
    until: Pin<Box<Sleep>>,
    left: usize,
}

impl Linger {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, closing: None }
    }
}

impl AsyncRead for Linger {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Linger {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        }
        let closing = this.closing.get_or_insert_with(|| Closing { until: Box::pin(sleep(LONGEST)), left: MOST });
        let mut dropped = [0; 16 * 1024];
        while closing.left > 0 && closing.until.as_mut().poll(cx).is_pending() {
            let mut buf = ReadBuf::new(&mut dropped);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buf));
            if read.is_err() || buf.filled().is_empty() {
                break;
            }
            closing.left = closing.left.saturating_sub(buf.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}
