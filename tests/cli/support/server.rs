//! A scripted HTTP/1.1 server on the loopback interface that fails its test when it was not used as scripted.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::message::{Answer, Fate, Gate, Request};

/// How long a test waits for something that is bound to come, before it is called a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Either a TCP connection or what runs inside one.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// Turns an accepted connection into the stream that requests are read from: TLS, or nothing at all.
pub type Wrap = Box<dyn Fn(TcpStream) -> Box<dyn Stream> + Send + Sync>;

/// Where the answers come from.
pub enum Script {
    /// One for each request, in the order the requests come in.
    Answers(Mutex<VecDeque<Answer>>),
    /// A function of the request.
    Handler(Box<dyn Fn(&Request) -> Answer + Send + Sync>),
    /// No request is expected.
    Nothing,
}

impl Script {
    pub fn answers(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::Answers(Mutex::new(answers.into_iter().collect()))
    }
}

/// A running server. Dropping it stops it, and panics unless
/// - it was asked at least once (never, for a server that expects nothing),
/// - every scripted answer was asked for, and no further one,
/// - every request was proper HTTP/1.1 and no handler panicked.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    script: Script,
    wrap: Wrap,
    requests: Mutex<Vec<Request>>,
    arrived: Condvar,
    problems: Mutex<Vec<String>>,
    accepted: Mutex<Vec<JoinHandle<()>>>,
    /// A second handle on each open connection, to end it from outside its thread.
    open: Mutex<HashMap<usize, TcpStream>>,
    /// The gates at which answers wait.
    gates: Mutex<Vec<Gate>>,
    stop: Gate,
}

impl Server {
    /// Gives these answers, one to each request, in the order of the requests.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::plain(Script::answers(answers))
    }

    /// Answers every request by a function.
    pub fn with(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::plain(Script::Handler(Box::new(handler)))
    }

    /// Must not be asked anything.
    pub fn expecting_none() -> Self {
        Self::plain(Script::Nothing)
    }

    fn plain(script: Script) -> Self {
        Self::start("http", script, Box::new(|socket| Box::new(socket)))
    }

    /// Starts a server on a free port.
    pub fn start(scheme: &'static str, script: Script, wrap: Wrap) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on the loopback interface");
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script,
            wrap,
            requests: Mutex::default(),
            arrived: Condvar::new(),
            problems: Mutex::default(),
            accepted: Mutex::default(),
            open: Mutex::default(),
            gates: Mutex::default(),
            stop: Gate::new(),
        });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Self { address, scheme, shared, acceptor: Some(acceptor) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL without a path, as for `HTTP_PROXY`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Its URL as `OPENAI_BASE_URL` takes it.
    pub fn base_url(&self) -> String {
        self.url() + "/v1"
    }

    /// The same by the name `localhost` instead of the address.
    pub fn base_url_by_name(&self) -> String {
        format!("{}://localhost:{}/v1", self.scheme, self.address.port())
    }

    /// All requests so far, in the order they came in.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The only request.
    pub fn request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "not exactly one request: {requests:#?}");
        requests.remove(0)
    }

    /// How many TCP connections were made, with or without a request on them.
    pub fn connections(&self) -> usize {
        self.shared.accepted.lock().unwrap().len()
    }

    /// Waits until this many requests have come in.
    pub fn await_requests(&self, count: usize) {
        let requests = self.shared.requests.lock().unwrap();
        let (requests, waited) =
            self.shared.arrived.wait_timeout_while(requests, PATIENCE, |requests| requests.len() < count).unwrap();
        let seen = requests.len();
        // The lock must be free before a panic, or every later look at the requests fails with it.
        drop(requests);
        assert!(!waited.timed_out(), "{seen} of {count} requests came in {PATIENCE:?}");
    }

    /// Ends all threads, however many connections and answers are still pending.
    fn stop(&mut self) {
        self.shared.stop.open();
        // An acceptor learns of the end by one more connection. Should that fail it is left alone, not waited for.
        if TcpStream::connect(self.address).is_ok()
            && let Some(acceptor) = self.acceptor.take()
        {
            self.shared.note_panic(acceptor.join());
        }
        self.shared.gates.lock().unwrap().iter().for_each(Gate::open);
        for socket in self.shared.open.lock().unwrap().values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        let threads = std::mem::take(&mut *self.shared.accepted.lock().unwrap());
        for thread in threads {
            self.shared.note_panic(thread.join());
        }
    }

    fn verdict(&self) -> Vec<String> {
        let mut problems = std::mem::take(&mut *self.shared.problems.lock().unwrap());
        match &self.shared.script {
            Script::Nothing => {}
            _ if self.shared.requests.lock().unwrap().is_empty() => problems.push("it was never asked".to_owned()),
            Script::Answers(answers) => {
                let left = answers.lock().unwrap().len();
                if left > 0 {
                    problems.push(format!("{left} of its answers were never asked for"));
                }
            }
            Script::Handler(_) => {}
        }
        problems
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let problems = self.verdict();
        assert!(problems.is_empty() || thread::panicking(), "the server at {}: {}", self.url(), problems.join("; "));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for number in 1.. {
        let Ok((socket, _)) = listener.accept() else { continue };
        if shared.stop.is_open() {
            return;
        }
        // Without this, the second half of an answer can wait for the client's delayed acknowledgement.
        socket.set_nodelay(true).expect("TCP_NODELAY can be set");
        shared.open.lock().unwrap().insert(number, socket.try_clone().expect("a second handle on a socket"));
        let thread = thread::spawn({
            let shared = Arc::clone(shared);
            move || shared.serve(number, socket)
        });
        shared.accepted.lock().unwrap().push(thread);
    }
}

impl Shared {
    /// Serves one connection to its end.
    fn serve(&self, number: usize, socket: TcpStream) {
        let mut wire = BufReader::new((self.wrap)(socket));
        let ending = catch_unwind(AssertUnwindSafe(|| self.converse(number, &mut wire)));
        if let Ok(Ok(Fate::Tunnel(target))) = ending {
            self.tunnel(number, target);
        }
        let Some(socket) = self.open.lock().unwrap().remove(&number) else { return };
        match ending {
            Ok(Ok(Fate::Reset | Fate::ResetAfter(_))) => reset_on_close(&socket),
            Ok(Ok(_)) => drop(socket.shutdown(Shutdown::Both)),
            Ok(Err(_)) => close_gently(&socket),
            Err(panic) => self.problem(format!("panicked: {}", panic_text(&*panic))),
        }
    }

    /// Answers requests until the connection ends, and says how it is to be closed.
    fn converse(&self, number: usize, wire: &mut BufReader<Box<dyn Stream>>) -> io::Result<Fate> {
        while let Some(request) = Request::read(wire, number)? {
            let answer = self.answer(&request);
            answer.write(wire.get_mut(), |pause| self.pause(pause))?;
            match answer.fate() {
                Fate::KeepAlive => {}
                Fate::Silent => self.stop.wait(),
                fate => return Ok(fate),
            }
        }
        Ok(Fate::Closing)
    }

    /// Carries a connection's bytes to the target. It stays listed meanwhile, so that stopping the server ends it.
    fn tunnel(&self, number: usize, target: SocketAddr) {
        let client = self.open.lock().unwrap()[&number].try_clone().expect("a second handle on a socket");
        match TcpStream::connect(target) {
            Ok(server) => pipe(&client, &server),
            Err(error) => self.problem(format!("its tunnel has no end at {target}: {error}")),
        }
    }

    /// Records the request and finds its answer.
    fn answer(&self, request: &Request) -> Answer {
        let line = format!("{} {}", request.method, request.target);
        let mut requests = self.requests.lock().unwrap();
        requests.push(request.clone());
        // Under the lock, so that answers are taken in the order in which the requests are listed.
        let scripted = match &self.script {
            Script::Answers(answers) => answers.lock().unwrap().pop_front(),
            Script::Handler(_) | Script::Nothing => None,
        };
        drop(requests);
        self.arrived.notify_all();
        let answer = match &self.script {
            Script::Handler(handler) => catch_unwind(AssertUnwindSafe(|| handler(request)))
                .map_err(|panic| format!("its handler panicked at {line}: {}", panic_text(&*panic))),
            Script::Answers(_) => scripted.ok_or_else(|| format!("it has no answer left for {line}")),
            Script::Nothing => Err(format!("it expected no request and was asked {line}")),
        };
        answer.unwrap_or_else(|problem| {
            self.problem(problem.clone());
            Answer::typed(599, "text/plain", problem)
        })
    }

    /// Waits at a gate, though never longer than the server lives.
    fn pause(&self, gate: &Gate) {
        self.gates.lock().unwrap().push(gate.clone());
        // Listed first and looked at second: a server that stops in between has opened the gate.
        if !self.stop.is_open() {
            gate.wait();
        }
    }

    fn problem(&self, text: String) {
        self.problems.lock().unwrap().push(text);
    }

    fn note_panic(&self, ending: thread::Result<()>) {
        if let Err(panic) = ending {
            self.problem(format!("panicked: {}", panic_text(&*panic)));
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("with something other than text")
}

/// Closes a connection whose client may still be sending, such as one that was refused in the TLS handshake.
/// Closing with bytes unread would reset it, and could cost the client the alert it was just sent.
fn close_gently(socket: &TcpStream) {
    let _ = socket.shutdown(Shutdown::Write);
    let _ = socket.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = io::copy(&mut &*socket, &mut io::sink());
}

/// Makes the close that follows send RST instead of FIN.
fn reset_on_close(socket: &TcpStream) {
    #[cfg(unix)]
    rustix::net::sockopt::set_socket_linger(socket, Some(Duration::ZERO)).expect("SO_LINGER can be set");
    #[cfg(not(unix))]
    let _ = socket.shutdown(Shutdown::Both);
}

/// Carries bytes both ways until the client has ended, or the server has and the client thereupon.
pub fn pipe(client: &TcpStream, server: &TcpStream) {
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = io::copy(&mut &*server, &mut &*client);
            let _ = client.shutdown(Shutdown::Write);
        });
        let _ = io::copy(&mut &*client, &mut &*server);
        // A client that has gone wants no answer, and a server that is silent would be waited for in vain.
        let _ = server.shutdown(Shutdown::Both);
    });
}
