//! A connection that can be made to fail in the middle of an answer.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::faults::Delivery;

/// Where an answer ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Nowhere,
    /// So many bytes after its head.
    InBody(usize),
    /// After so many more bytes.
    After {
        left: usize,
        resets: bool,
    },
}

/// Tells a [`Wire`] how the next answer travels.
#[derive(Clone)]
pub(crate) struct Cutter(Rc<Cell<Cut>>);

impl Cutter {
    /// To be called before the answer, whose body has so many bytes, is written. Tells whether its status arrives.
    pub(crate) fn set(&self, delivery: Delivery, length: usize) -> bool {
        self.0.set(match delivery {
            Delivery::Whole => Cut::Nowhere,
            Delivery::Reset => Cut::After { left: 0, resets: true },
            Delivery::ResetAfterFirstByte => Cut::After { left: 1, resets: true },
            // What has no body cannot be cut in it.
            Delivery::Truncated if length == 0 => Cut::Nowhere,
            Delivery::Truncated => Cut::InBody(length / 2),
        });
        matches!(delivery, Delivery::Whole | Delivery::Truncated)
    }
}

/// A connection.
pub(crate) struct Wire {
    stream: TcpStream,
    cut: Rc<Cell<Cut>>,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream) -> (Self, Cutter) {
        let cut = Rc::new(Cell::new(Cut::Nowhere));
        (Self { stream, cut: Rc::clone(&cut) }, Cutter(cut))
    }

    /// How many more bytes may be written of these, which an answer begins with if it is to be cut in its body.
    fn allowed(&self, bytes: &[u8]) -> Option<usize> {
        if let Cut::InBody(length) = self.cut.get() {
            // The head of an answer is written in one piece.
            let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |start| start + 4);
            self.cut.set(Cut::After { left: head + length, resets: false });
        }
        match self.cut.get() {
            Cut::After { left, .. } => Some(left),
            _ => None,
        }
    }

    fn resets(&self) -> bool {
        matches!(self.cut.get(), Cut::After { left: 0, resets: true })
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(left) = self.allowed(bytes) else { return Pin::new(&mut self.stream).poll_write(context, bytes) };
        if left == 0 {
            if self.resets() {
                // What closes it next then resets it.
                self.stream.set_zero_linger()?;
            }
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let bytes = bytes.get(..left).unwrap_or(bytes);
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        if let Cut::After { left, resets } = self.cut.get() {
            self.cut.set(Cut::After { left: left - written, resets });
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // An orderly end would come before the reset.
        if self.resets() { Poll::Ready(Ok(())) } else { Pin::new(&mut self.stream).poll_shutdown(context) }
    }
}
