//! The sockets: takes connections, reads requests, sends answers.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

use super::exchange::exchange;
use super::record::Record;
use super::wire::Wire;
use super::{Emulator, Millis, Options};

/// How long a client may take to send the head of a request, and an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long to wait where the system has no connection to give, as when there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// The longest head, in bytes, and how much of a body is read at once.
const READ_BUFFER: usize = 64 << 10;

/// What all connections share.
pub(super) struct Shared {
    pub(super) emulator: RefCell<Emulator>,
    pub(super) record: Rc<RefCell<Record>>,
    clock: Clock,
}

impl Shared {
    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }
}

/// A clock that never goes backwards, unlike the system's.
struct Clock {
    start: Millis,
    since: Instant,
}

impl Clock {
    fn new() -> Self {
        let start = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self { start: millis(start), since: Instant::now() }
    }

    fn now(&self) -> Millis {
        self.start + millis(self.since.elapsed())
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

/// A socket that listens. Connections wait in it until it is started.
pub(crate) struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on this address; port 0 is any free one.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = runtime.block_on(TcpListener::bind(address))?;
        let address = listener.local_addr()?;
        Ok(Self { runtime, listener, address })
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves on a thread of its own.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn start(self, options: Options, record: Record) -> io::Result<Serving> {
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("emulator".to_owned()).spawn(move || {
            let record = Rc::new(RefCell::new(record));
            let clock = Clock::new();
            let emulator = RefCell::new(Emulator::new(options, clock.now()));
            let shared = Rc::new(Shared { emulator, record: Rc::clone(&record), clock });
            let tasks = LocalSet::new();
            tasks.spawn_local(accept(self.listener, shared));
            // Connections that are open still are dropped with the tasks. A sender that is gone says the same.
            let _ = tasks.block_on(&self.runtime, stopped);
            drop(tasks);
            record.borrow_mut().finish()
        })?;
        Ok(Serving { stop, thread })
    }
}

/// A server that serves.
pub(crate) struct Serving {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Serving {
    /// Ends it, and all connections.
    ///
    /// # Errors
    /// When the record could not be written.
    pub(crate) fn stop(self) -> io::Result<()> {
        drop(self.stop);
        join(self.thread)
    }

    /// Waits for ever, where no signals end the process.
    #[cfg(not(unix))]
    pub(crate) fn wait(self) -> io::Result<()> {
        let result = join(self.thread);
        drop(self.stop);
        result
    }
}

fn join(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the server panicked")))
}

async fn accept(listener: TcpListener, shared: Rc<Shared>) {
    for connection in 1.. {
        let stream = loop {
            match listener.accept().await {
                Ok((stream, _)) => break stream,
                Err(_) => sleep(ACCEPT_PAUSE).await,
            }
        };
        spawn_local(converse(stream, connection, Rc::clone(&shared)));
    }
}

/// Serves one connection to its end. What is no HTTP is answered by hyper, with a bare 400, 414 or 431, or not at all.
async fn converse(stream: TcpStream, connection: u64, shared: Rc<Shared>) {
    // Answers are written whole; waiting for more to send with them gains nothing.
    let _ = stream.set_nodelay(true);
    let (wire, cutter) = Wire::new(stream);
    let service = service_fn(move |request| exchange(request, connection, Rc::clone(&shared), cutter.clone()));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(READ_BUFFER);
    // A client that has said all it wants to say still hears the answer.
    builder.half_close(true);
    // What goes wrong on a connection is its client's to notice.
    let _ = builder.serve_connection(TokioIo::new(wire), service).await;
}
