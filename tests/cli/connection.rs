//! The way to the service: proxies, certificates, time-outs.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::answers::{BATCH, batch};
use super::support::command::{KEY, Outcome, Vsfb, run, vsfb, vsfb_at};
use super::support::message::{Answer, Gate};
use super::support::peers::{DeafPort, RefusedPort, SocksProxy};
use super::support::server::Server;
use super::support::tls::Certificates;

const RETRIEVE: [&str; 3] = ["retrieve", "vs_abc123", "vsfb_abc123"];
const PATH: &str = "/v1/vector_stores/vs_abc123/file_batches/vsfb_abc123";
const CHECK_ALL: &str =
    "hint: check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)\n";
const NAME_THE_CA: &str =
    "hint: if a company proxy or a private CA signs it, name the CA's PEM file with SSL_CERT_FILE\n";
const MTLS: &str = "hint: --mtls-client-cert-file and --mtls-client-key-file name PEM files that belong together\n";

/// The command for a base URL.
fn vsfb_to(base_url: &str) -> Vsfb {
    let mut command = vsfb();
    command.env("OPENAI_BASE_URL", base_url).args(RETRIEVE);
    command
}

/// A retrieve that failed for this reason, with the lines after it.
fn failed(why: &str, hint: &str) -> Outcome {
    let attempted = "failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`";
    Outcome::failure(1, format!("error: {attempted}: {why}\n{hint}"))
}

#[test]
fn a_proxy_is_asked_for_the_whole_url() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = Server::answering([batch()]);
        let outcome = run(vsfb_to("http://vsfb.example/v1").env(variable, proxy.url()));
        assert_eq!(outcome, Outcome::success(BATCH), "{variable}");
        let request = proxy.request();
        assert_eq!(request.target, format!("http://vsfb.example{PATH}"));
        assert_eq!(request.header("authorization"), Some("Bearer sk-test-key"));
    }
}

#[test]
fn https_goes_through_a_tunnel_that_sees_no_key() {
    let certificates = Certificates::for_another_host();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let server = Server::https_answering(&certificates, [batch()]);
        let proxy = Server::answering([Answer::tunnel(server.address())]);
        let mut command = vsfb_to("https://another.example/v1");
        command.env(variable, proxy.url()).env("SSL_CERT_FILE", certificates.authority_pem());
        assert_eq!(run(&mut command), Outcome::success(BATCH), "{variable}");
        let request = proxy.request();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("CONNECT", "another.example:443"));
        assert!(request.headers.iter().all(|(_, value)| !value.contains(KEY)), "{request:?}");
        assert_eq!(server.request().target, PATH);
    }
}

#[test]
fn openais_own_service_is_the_default() {
    let proxy = Server::answering([Answer::new(502)]);
    let mut command = vsfb();
    let certificates = Certificates::new();
    command.env("HTTPS_PROXY", proxy.url()).env("SSL_CERT_FILE", certificates.authority_pem());
    let outcome = run(command.args(RETRIEVE).args(["--max-retries", "0"]));
    assert_eq!(outcome, failed("could not connect to api.openai.com: tunnel error: unsuccessful", CHECK_ALL));
    assert_eq!(proxy.request().target, "api.openai.com:443");
}

#[test]
fn a_socks_proxy_is_led_to_the_service() {
    let server = Server::answering([batch(), batch()]);
    for scheme in ["socks5h", "socks5"] {
        let proxy = SocksProxy::leading_to(server.address());
        // A name is resolved by the proxy with the first, by us with the second.
        let (host, target) = match scheme {
            "socks5h" => ("vsfb.example", "vsfb.example:80"),
            _ => ("192.0.2.1", "192.0.2.1:80"),
        };
        let mut command = vsfb_to(&format!("http://{host}/v1"));
        command.env("HTTP_PROXY", format!("{scheme}://{}", proxy.address()));
        assert_eq!(run(&mut command), Outcome::success(BATCH), "{scheme}");
        assert_eq!(proxy.targets(), [target]);
    }
    let certificates = Certificates::for_another_host();
    let server = Server::https_answering(&certificates, [batch()]);
    let proxy = SocksProxy::leading_to(server.address());
    let mut command = vsfb_to("https://another.example/v1");
    command.env("HTTPS_PROXY", format!("socks5h://{}", proxy.address()));
    assert_eq!(run(command.env("SSL_CERT_FILE", certificates.authority_pem())), Outcome::success(BATCH));
    assert_eq!(proxy.targets(), ["another.example:443"]);
}

#[test]
fn a_proxy_is_never_used_for_this_machine() {
    let certificates = Certificates::new();
    for server in [Server::with(|_| batch()), Server::https_with(&certificates, |_| batch())] {
        for base_url in [server.base_url(), server.base_url_by_name()] {
            for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"] {
                let proxy = Server::expecting_none();
                let mut command = vsfb_to(&base_url);
                command.env(variable, proxy.url()).env("SSL_CERT_FILE", certificates.authority_pem());
                assert_eq!(run(&mut command), Outcome::success(BATCH), "{base_url} {variable}");
                assert_eq!(proxy.connections(), 0);
            }
        }
    }
}

// Linux and macOS take 0.0.0.0 for this machine, and the program does not: a host that needs no proxy to be reached.
#[cfg(unix)]
#[test]
fn hosts_of_no_proxy_are_reached_directly() {
    for value in ["0.0.0.0", "other.example,0.0.0.0", "*", "other.example, *"] {
        let server = Server::answering([batch()]);
        let proxy = Server::expecting_none();
        let mut command = vsfb_to(&format!("http://0.0.0.0:{}/v1", server.address().port()));
        command.env("HTTP_PROXY", proxy.url()).env("NO_PROXY", value);
        assert_eq!(run(&mut command), Outcome::success(BATCH), "{value}");
        assert_eq!(proxy.connections(), 0);
    }
    let proxy = Server::answering([batch()]);
    let mut command = vsfb_to("http://0.0.0.0:9/v1");
    command.env("HTTP_PROXY", proxy.url()).env("NO_PROXY", "other.example");
    assert_eq!(run(&mut command), Outcome::success(BATCH));
}

#[test]
fn a_proxys_password_reaches_it_and_nobody_else() {
    let proxy = Server::answering([batch()]);
    let url = proxy.url().replace("http://", "http://me:s3cret@");
    assert_eq!(run(vsfb_to("http://vsfb.example/v1").env("HTTP_PROXY", &url)), Outcome::success(BATCH));
    // The Base64 of me:s3cret.
    assert_eq!(proxy.request().header("proxy-authorization"), Some("Basic bWU6czNjcmV0"));

    let port = RefusedPort::new();
    let url = port.base_url().replace("/v1", "").replace("http://", "http://me:s3cret@");
    let mut command = vsfb_to("http://vsfb.example/v1");
    let outcome = run(command.env("HTTP_PROXY", url).args(["--max-retries", "0"]));
    assert_eq!(outcome, failed("could not connect to vsfb.example: connection refused", CHECK_ALL));
}

#[test]
fn a_proxy_that_asks_who_we_are_is_named() {
    let unknown = || Answer::new(407).header("Proxy-Authenticate", "Basic realm=\"company\"");
    let proxy = Server::answering([unknown()]);
    let outcome = run(vsfb_to("http://vsfb.example/v1").env("HTTP_PROXY", proxy.url()));
    let expected = format!(
        "GET http://vsfb.example{PATH}: 407 Proxy Authentication Required\n\
         error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`\n\
         hint: the proxy wants to know who asks: HTTP_PROXY=http://USER:PASSWORD@HOST:PORT\n"
    );
    assert_eq!(outcome, Outcome::failure(1, expected));

    let proxy = Server::answering([unknown()]);
    let certificates = Certificates::new();
    let mut command = vsfb_to("https://vsfb.example/v1");
    command.env("HTTPS_PROXY", proxy.url()).env("SSL_CERT_FILE", certificates.authority_pem());
    let why = "could not connect to vsfb.example: tunnel error: proxy authorization required";
    assert_eq!(run(command.args(["--max-retries", "0"])), failed(why, CHECK_ALL));
}

#[test]
fn certificate_authorities_are_read_from_a_file_or_a_folder() {
    let certificates = Certificates::new();
    let server = Server::https_answering(&certificates, [batch(), batch()]);
    assert_eq!(
        run(vsfb_to(&server.base_url()).env("SSL_CERT_FILE", certificates.authority_pem())),
        Outcome::success(BATCH)
    );
    let folder = TempDir::new().unwrap();
    // OpenSSL names the files of such a folder by a hash, and only such names count.
    fs::copy(certificates.authority_pem(), folder.path().join("0123abcd.0")).unwrap();
    assert_eq!(run(vsfb_to(&server.base_url()).env("SSL_CERT_DIR", folder.path())), Outcome::success(BATCH));
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_certificate_that_is_not_trusted_is_refused_once() {
    type Trusted = fn(&Certificates) -> PathBuf;
    let cases: [(Certificates, Trusted, &str, &str); 3] = [
        // A certificate that signed no other.
        (Certificates::new(), Certificates::client_pem, "it is signed by an unknown authority", NAME_THE_CA),
        (
            Certificates::expired(),
            Certificates::authority_pem,
            "it has expired",
            "hint: check the clock of this machine, and the server's certificate\n",
        ),
        (
            Certificates::for_another_host(),
            Certificates::authority_pem,
            "it is for another host",
            "hint: check the host in the base URL (--base-url)\n",
        ),
    ];
    for (certificates, trusted, why, hint) in cases {
        let server = Server::https_expecting_none(&certificates);
        let outcome = run(vsfb_to(&server.base_url()).env("SSL_CERT_FILE", trusted(&certificates)));
        let why = format!("the certificate of {} is not trusted: {why}", server.address());
        assert_eq!(outcome, failed(&why, hint));
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn without_certificate_authorities_https_is_not_tried_and_http_does_not_care() {
    let folder = TempDir::new().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let server = Server::https_expecting_none(&Certificates::new());
    let plain = Server::with(|_| batch());
    let nowhere = folder.path().join("nowhere.pem");
    let missing =
        format!(": failed to read PEM from file: No such file or directory (os error 2) at '{}'", nowhere.display());
    let cases = [
        ("SSL_CERT_FILE", empty.clone(), String::new()),
        ("SSL_CERT_DIR", folder.path().to_owned(), String::new()),
        ("SSL_CERT_FILE", nowhere.clone(), missing),
    ];
    let hint = "hint: install the system's ca-certificates, or name a PEM file of certificates with SSL_CERT_FILE; where that or SSL_CERT_DIR is set, it names none\n";
    for (variable, path, cause) in cases {
        let outcome = run(vsfb_to(&server.base_url()).env(variable, &path));
        let why = format!("no certificate authorities were found, so no server can be trusted{cause}");
        assert_eq!(outcome, Outcome::failure(1, format!("error: {why}\n{hint}")), "{variable} {path:?}");
        assert_eq!(run(vsfb_to(&plain.base_url()).env(variable, &path)), Outcome::success(BATCH));
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_client_certificate_opens_a_server_that_asks_for_one() {
    let certificates = Certificates::requiring_a_client();
    let server = Server::https_answering(&certificates, [batch(), batch()]);
    let (certificate, key) = (certificates.client_pem(), certificates.client_key_pem());
    for by_flag in [true, false] {
        let mut command = vsfb_to(&server.base_url());
        command.env("SSL_CERT_FILE", certificates.authority_pem());
        if by_flag {
            command.arg("--mtls-client-cert-file").arg(&certificate).arg("--mtls-client-key-file").arg(&key);
        } else {
            command.env("OPENAI_MTLS_CLIENT_CERT_FILE", &certificate).env("OPENAI_MTLS_CLIENT_KEY_FILE", &key);
        }
        assert_eq!(run(&mut command), Outcome::success(BATCH));
    }
}

#[test]
fn a_server_that_asks_for_a_client_certificate_refuses_to_go_without_once() {
    let certificates = Certificates::requiring_a_client();
    let server = Server::https_expecting_none(&certificates);
    let outcome = run(vsfb_to(&server.base_url()).env("SSL_CERT_FILE", certificates.authority_pem()));
    let why = format!("{} refused the connection: it asks for a client certificate", server.address());
    let hint = "hint: give it with --mtls-client-cert-file and --mtls-client-key-file\n";
    assert_eq!(outcome, failed(&why, hint));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_client_certificate_that_cannot_be_used_is_refused() {
    let certificates = Certificates::requiring_a_client();
    let server = Server::https_expecting_none(&certificates);
    let (certificate, key) = (certificates.client_pem(), certificates.client_key_pem());
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let (certificate, key) = (text(&certificate), text(&key));
    let attempt = |base_url: &str, flags: &[&str]| {
        run(vsfb_to(base_url).args(flags).env("SSL_CERT_FILE", certificates.authority_pem()))
    };
    let alone = "error: --mtls-client-cert-file and --mtls-client-key-file go together; only one of them is given\n";
    for flags in [["--mtls-client-cert-file", &certificate], ["--mtls-client-key-file", &key]] {
        assert_eq!(attempt(&server.base_url(), &flags), Outcome::failure(2, alone));
    }
    let flags = |certificate: &str, key: &str| {
        ["--mtls-client-cert-file", certificate, "--mtls-client-key-file", key].map(str::to_owned)
    };
    let both = |base_url: &str, certificate: &str, key: &str| {
        attempt(base_url, &flags(certificate, key).each_ref().map(String::as_str))
    };
    let plain = "error: a client certificate needs a base URL that begins with https://\n";
    assert_eq!(both("http://vsfb.example/v1", &certificate, &key), Outcome::failure(2, plain));
    let nowhere = "/nowhere/client.pem";
    for (certificate, key, why) in [
        (&*certificate, nowhere, format!("failed to read {nowhere}: no such file or directory")),
        (nowhere, &*key, format!("failed to read {nowhere}: no such file or directory")),
        (&key, &key, format!("{key} holds no certificate in PEM form")),
        (&certificate, &certificate, format!("{certificate} holds no private key in PEM form")),
    ] {
        assert_eq!(both(&server.base_url(), certificate, key), Outcome::failure(2, format!("error: {why}\n{MTLS}")));
    }
    let others = Certificates::requiring_a_client();
    let other = text(&others.client_key_pem());
    let why = "the client certificate is not one of this key";
    assert_eq!(both(&server.base_url(), &certificate, &other), Outcome::failure(2, format!("error: {why}\n{MTLS}")));
    assert_eq!(server.connections(), 0);
}

/// A server that says this to whoever connects.
fn speaking(bytes: &'static [u8]) -> (std::net::SocketAddr, thread::JoinHandle<usize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || {
        let mut connections = 0;
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut first = [0; 4096];
            // The end is announced by a connection that says nothing.
            if client.read(&mut first).unwrap() == 0 {
                return connections;
            }
            connections += 1;
            client.write_all(bytes).unwrap();
        }
        connections
    });
    (address, thread)
}

#[test]
fn https_to_a_server_without_it_is_not_tried_again() {
    let (address, server) = speaking(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    let certificates = Certificates::new();
    let outcome = run(vsfb_to(&format!("https://{address}/v1")).env("SSL_CERT_FILE", certificates.authority_pem()));
    let why = format!("the encrypted connection to {address} failed: the server does not speak TLS");
    let hint = "hint: check whether the base URL should begin with http:// rather than https://\n";
    assert_eq!(outcome, failed(&why, hint));
    drop(std::net::TcpStream::connect(address).unwrap());
    assert_eq!(server.join().unwrap(), 1);
}

#[test]
fn what_is_no_answer_in_http_is_not_asked_for_again() {
    let hint = "hint: check the base URL (--base-url): its port, and whether it should begin with https://\n";
    let (address, server) = speaking(b"SSH-2.0-OpenSSH_9.9\r\n");
    let why = format!("{address} does not answer in HTTP: invalid http version parsed");
    assert_eq!(run(&mut vsfb_to(&format!("http://{address}/v1"))), failed(&why, hint));
    drop(std::net::TcpStream::connect(address).unwrap());
    assert_eq!(server.join().unwrap(), 1);

    let server = Server::https_expecting_none(&Certificates::new());
    let why = format!("{} does not answer in HTTP: invalid http version parsed", server.address());
    assert_eq!(run(&mut vsfb_to(&server.base_url().replace("https", "http"))), failed(&why, hint));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let port = DeafPort::new();
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let hint = "hint: --request-timeout moves this limit\n";
    for (limit, shown) in [("300ms", "300ms"), ("0.2", "200ms")] {
        let flags = ["--request-timeout", limit, "--max-retries", "0"];
        let begun = Instant::now();
        let outcome = run(vsfb_to(&port.base_url()).args(flags));
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        assert_eq!(outcome, failed(&format!("{host} did not answer within {shown}"), hint));
    }
    let server = Server::answering([Answer::silence(), Answer::silence()]);
    let flags = ["--request-timeout", "200ms", "--max-retries", "1"];
    let outcome = run(vsfb_at(&server).args(RETRIEVE).args(flags));
    assert_eq!(outcome, failed(&format!("{} did not answer within 200ms", server.address()), hint));
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_connection_that_is_never_made_is_given_up() {
    let port = DeafPort::new();
    let https = port.base_url().replace("http", "https");
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let certificates = Certificates::new();
    let mut command = vsfb_to(&https);
    command.env("SSL_CERT_FILE", certificates.authority_pem());
    // The limit for connecting is a twentieth below that of the whole, which must not pass first on a busy machine.
    let outcome = run(command.args(["--request-timeout", "4s", "--max-retries", "0"]));
    let hint = "hint: check the network and the proxy variables (HTTPS_PROXY, NO_PROXY); connecting may take 30 s, or --request-timeout where that is shorter\n";
    assert_eq!(outcome, failed(&format!("could not connect to {host} within 4s"), hint));
}

#[test]
fn the_limit_covers_the_answers_body_too() {
    let gate = Gate::new();
    let server = Server::answering([batch().held_at(10, &gate), batch().chunked().held_at(10, &gate)]);
    let flags = ["--request-timeout", "300ms", "--max-retries", "1"];
    let outcome = run(vsfb_at(&server).args(RETRIEVE).args(flags));
    let why = format!("the answer of {} was not complete within 300ms", server.address());
    assert_eq!(outcome, failed(&why, "hint: --request-timeout moves this limit\n"));
}
