//! Stand-ins for peers that are no HTTP server: a port where nobody listens, one where nobody reads, and a SOCKS
//! proxy. An HTTP proxy is an ordinary [`Server`](super::server::Server): what it is asked is the whole URL, or
//! `CONNECT`, which [`Answer::tunnel`](super::message::Answer::tunnel) grants.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use super::server::pipe;

/// A port of the loopback interface where nobody listens, for as long as this lives.
pub struct RefusedPort {
    /// Bound but not listening, so that the system gives the port to nobody else meanwhile.
    #[cfg(unix)]
    socket: rustix::fd::OwnedFd,
    /// Elsewhere the near end of a connection keeps the port, less strictly.
    #[cfg(not(unix))]
    socket: (std::net::TcpStream, TcpListener),
}

impl RefusedPort {
    #[cfg(unix)]
    pub fn new() -> Self {
        use rustix::net::{AddressFamily, SocketType, bind, socket};
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        Self { socket }
    }

    #[cfg(not(unix))]
    pub fn new() -> Self {
        let far_end = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self { socket: (std::net::TcpStream::connect(far_end.local_addr().unwrap()).unwrap(), far_end) }
    }

    /// A URL that cannot be connected to.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address())
    }

    #[cfg(unix)]
    fn address(&self) -> SocketAddr {
        rustix::net::getsockname(&self.socket).unwrap().try_into().unwrap()
    }

    #[cfg(not(unix))]
    fn address(&self) -> SocketAddr {
        self.socket.0.local_addr().unwrap()
    }
}

/// A listener that never reads. The system makes the connections to it, so a client believes itself connected.
pub struct DeafPort(TcpListener);

impl DeafPort {
    pub fn new() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
    }

    /// A URL that can be connected to and never answers.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.0.local_addr().unwrap())
    }
}

/// A SOCKS5 proxy without authentication that leads every connection to one address, wherever it was meant for.
/// Dropping it fails the test if nobody came by.
pub struct SocksProxy {
    address: SocketAddr,
    targets: Arc<Mutex<Vec<String>>>,
    acceptor: Option<JoinHandle<()>>,
}

impl SocksProxy {
    pub fn leading_to(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let targets = Arc::new(Mutex::new(Vec::new()));
        let acceptor = thread::spawn({
            let targets = Arc::clone(&targets);
            move || {
                for client in listener.incoming() {
                    // The end is announced by a connection that says nothing.
                    let Ok(Some(target)) = client.and_then(|client| greet(&client, upstream)) else { return };
                    targets.lock().unwrap().push(target);
                }
            }
        });
        Self { address, targets, acceptor: Some(acceptor) }
    }

    /// Its address, for `socks5://` or `socks5h://`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the clients wanted to go, as `host:port`.
    pub fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }
}

impl Drop for SocksProxy {
    fn drop(&mut self) {
        let woken = TcpStream::connect(self.address).is_ok();
        let ended = self.acceptor.take().is_none_or(|acceptor| !woken || acceptor.join().is_ok());
        assert!(ended || thread::panicking(), "the SOCKS proxy panicked");
        assert!(!self.targets().is_empty() || thread::panicking(), "the SOCKS proxy was never asked");
    }
}

/// Takes a client through the handshake, starts to carry its bytes, and tells where it wanted to go.
fn greet(mut client: &TcpStream, upstream: SocketAddr) -> io::Result<Option<String>> {
    let mut greeting = [0; 2];
    if client.read_exact(&mut greeting).is_err() {
        return Ok(None);
    }
    assert_eq!(greeting[0], 5, "the version of the SOCKS protocol");
    read_bytes(client, greeting[1])?;
    client.write_all(&[5, 0])?;
    let request = read_bytes(client, 4)?;
    assert_eq!(request[..3], [5, 1, 0], "a SOCKS5 request to connect");
    let host = match request[3] {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(read_bytes(client, 4)?).unwrap()).to_string(),
        3 => {
            let length = read_bytes(client, 1)?[0];
            String::from_utf8(read_bytes(client, length)?).expect("a host name in UTF-8")
        }
        other => panic!("an address of a type this proxy does not know: {other}"),
    };
    let port = u16::from_be_bytes(read_bytes(client, 2)?.try_into().unwrap());
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let (client, server) = (client.try_clone()?, TcpStream::connect(upstream)?);
    thread::spawn(move || pipe(&client, &server));
    Ok(Some(format!("{host}:{port}")))
}

fn read_bytes(mut from: &TcpStream, count: u8) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::from(count)];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
