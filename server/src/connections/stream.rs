use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::register::RegisterEntry;

/// The number of bytes that a client must read before the deadline, while more bytes wait.
const PROGRESS: usize = 8 * 1024;

/// A stream that fails if its client does not read. It also records each transfer in the register.
pub(super) struct Watched {
    stream: TcpStream,
    entry: RegisterEntry,
    read_within: Duration,
    /// The deadline for the client, and the number of bytes that it has read since the deadline was set.
    waiting: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Watched {
    pub(super) const fn new(stream: TcpStream, entry: RegisterEntry, read_within: Duration) -> Self {
        Self { stream, entry, read_within, waiting: None }
    }

    /// Checks the outcome of a write: starts, extends or enforces the deadline.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                self.entry.touch();
                if let Some((_, so_far)) = &mut self.waiting {
                    *so_far += bytes;
                    if *so_far >= PROGRESS {
                        self.has_read();
                    }
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                if self.waiting.is_none() {
                    self.waiting = Some((Box::pin(sleep(self.read_within)), 0));
                    self.entry.set_unread(true);
                }
                let is_over =
                    self.waiting.as_mut().is_some_and(|(until, _)| until.as_mut().poll(context).is_ready());
                if is_over {
                    return Poll::Ready(Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        "the client does not read the answer",
                    )));
                }
                Poll::Pending
            }
        }
    }

    fn has_read(&mut self) {
        self.waiting = None;
        self.entry.set_unread(false);
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_read(context, buffer);
        if outcome.is_ready() {
            own.entry.touch();
        }
        outcome
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_write(context, bytes);
        own.written(context, outcome)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        let outcome = Pin::new(&mut own.stream).poll_write_vectored(context, slices);
        own.written(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Hyper flushes after it has written everything. Then nothing waits for the client.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        if own.waiting.is_some() {
            own.has_read();
        }
        Pin::new(&mut own.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
