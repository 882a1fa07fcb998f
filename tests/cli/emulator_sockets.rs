//! The emulator's sockets: odd clients, long bodies, the ways an answer travels, and the record of it all.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::json;

use crate::support::emulator::Emulator;

const GET: &str = "GET /v1/vector_stores HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n";

fn connect(address: impl ToSocketAddrs) -> TcpStream {
    let client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    client
}

/// Sends this and reads to the end of the connection.
fn read_all(mut client: &TcpStream, text: &[u8]) -> io::Result<Vec<u8>> {
    client.write_all(text)?;
    let mut answer = Vec::new();
    client.read_to_end(&mut answer)?;
    Ok(answer)
}

/// What this is answered with, on a connection of its own.
pub fn exchange(address: impl ToSocketAddrs, text: &str) -> String {
    String::from_utf8(read_all(&connect(address), text.as_bytes()).unwrap()).unwrap()
}

/// Reads one answer with a body of known length, and gives its status.
fn answer(mut client: &TcpStream) -> u16 {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
    client.read_exact(&mut vec![0; length]).unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn garbage_is_refused_or_hung_up_on() {
    let emulator = Emulator::start(&[]);
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(1 << 20));
    for garbage in [
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\r\n\r\nx\r\n\r\n",
        &long,
    ] {
        let client = connect(emulator.address());
        let mut writer = &client;
        let _ = writer.write_all(garbage.as_bytes());
        let _ = client.shutdown(std::net::Shutdown::Write);
        let answer = read_all(&client, b"").unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer);
        let is_refused = ["HTTP/1.1 400 ", "HTTP/1.1 431 "].iter().any(|start| answer.starts_with(start));
        assert!(answer.is_empty() || is_refused, "{:.40}: {answer}", garbage.escape_debug().to_string());
    }
    assert_eq!(emulator.recorded(&["path"]), Vec::<serde_json::Value>::new());
    assert!(exchange(emulator.address(), &format!("{GET}connection: close\r\n\r\n")).starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_client_that_says_half_of_it_holds_up_nobody() {
    let emulator = Emulator::start(&[]);
    let halves = [
        "",
        "GET /v1",
        "POST /v1/vector_stores HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    ];
    let open: Vec<_> = halves
        .iter()
        .map(|half| {
            let mut client = connect(emulator.address());
            client.write_all(half.as_bytes()).unwrap();
            client
        })
        .collect();
    for _ in 0..3 {
        let client = connect(emulator.address());
        (&client).write_all(format!("{GET}\r\n").as_bytes()).unwrap();
        assert_eq!(answer(&client), 200);
    }
    drop(open);
}

#[test]
fn a_connection_serves_several_requests() {
    let emulator = Emulator::start(&[]);
    for connection in [1, 2] {
        let client = connect(emulator.address());
        for _ in 0..3 {
            (&client).write_all(format!("{GET}\r\n").as_bytes()).unwrap();
            assert_eq!(answer(&client), 200);
        }
        let rows = emulator.recorded(&["connection", "status"]);
        assert_eq!(rows[(connection - 1) * 3..], vec![json!([connection, 200]); 3]);
    }
}

#[test]
fn every_answer_tells_its_request_and_its_time() {
    let emulator = Emulator::start(&[]);
    let answer = exchange(emulator.address(), &format!("{GET}connection: close\r\n\r\n"));
    let request_id = emulator.requests()[0]["request_id"].as_str().unwrap().to_owned();
    assert!(answer.contains(&format!("\r\nx-request-id: {request_id}\r\n")), "{answer}");
    assert!(answer.contains("\r\nopenai-processing-ms: "), "{answer}");
    assert!(answer.contains("\r\ncontent-type: application/json\r\n"), "{answer}");
}

fn post(path: &str, content_type: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: {content_type}\r\n{more}\r\n")
}

#[test]
fn a_body_that_is_too_long_is_413_before_it_is_sent() {
    let emulator = Emulator::start(&[]);
    for (path, content_type, length) in [
        ("/v1/vector_stores", "application/json", 200_000_000_u64),
        ("/v1/files", "multipart/form-data; boundary=b", 600_000_000),
    ] {
        for expect in ["", "expect: 100-continue\r\n"] {
            let client = connect(emulator.address());
            let head = post(path, content_type, &format!("content-length: {length}\r\n{expect}"));
            (&client).write_all(head.as_bytes()).unwrap();
            assert_eq!(answer(&client), 413, "{path} {expect}");
        }
    }
}

#[test]
fn a_client_that_asks_first_may_send() {
    let emulator = Emulator::start(&[]);
    let client = connect(emulator.address());
    let head = post("/v1/vector_stores", "application/json", "content-length: 2\r\nexpect: 100-continue\r\n");
    (&client).write_all(head.as_bytes()).unwrap();
    assert_eq!(answer(&client), 100);
    (&client).write_all(b"{}").unwrap();
    assert_eq!(answer(&client), 200);
}

#[test]
fn the_record_has_what_was_sent_but_the_headers() {
    let emulator = Emulator::start(&[]);
    let body = r#"{"name":"a","metadata":{"b":"c"}}"#;
    let request = post(
        "/v1/vector_stores?x=%20",
        "application/json",
        &format!("content-length: {}\r\nconnection: close\r\n", body.len()),
    );
    exchange(emulator.address(), &(request + body));
    let form = "--b\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n";
    let request = post(
        "/v1/files",
        "multipart/form-data; boundary=b",
        &format!("content-length: {}\r\nconnection: close\r\n", form.len()),
    );
    exchange(emulator.address(), &(request + form));
    let fields = ["connection", "method", "path", "status", "faults", "bytes", "request", "file"];
    let file = json!({"filename": "a.txt", "bytes": 5, "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"});
    assert_eq!(
        emulator.recorded(&fields),
        [
            json!([1, "POST", "/v1/vector_stores?x=%20", 400, [], body.len(), {"name": "a", "metadata": {"b": "c"}}, null]),
            json!([2, "POST", "/v1/files", 200, [], form.len(), null, file]),
        ]
    );
    let first = &emulator.requests()[0];
    assert!(first["time"].as_f64() > Some(1.7e9) && !first.to_string().contains("Bearer"), "{first}");
}

#[test]
fn answers_are_lost_on_demand() {
    let emulator = Emulator::start(&[]);
    let ask = |fault: &str| {
        let more = format!("content-length: 2\r\nx-vsfb-fault: {fault}\r\n");
        let client = connect(emulator.address());
        let text = post("/v1/vector_stores", "application/json", &more) + "{}";
        let mut received = Vec::new();
        (&client).write_all(text.as_bytes()).unwrap();
        let end = (&client).read_to_end(&mut received).map_err(|error| error.kind());
        (String::from_utf8(received).unwrap(), end)
    };
    assert_eq!(ask("lost-answer"), (String::new(), Err(io::ErrorKind::ConnectionReset)));
    assert_eq!(ask("reset-after-first-byte"), ("H".to_owned(), Err(io::ErrorKind::ConnectionReset)));
    let (text, end) = ask("truncated-body");
    assert!(end.is_ok(), "{end:?}");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
    assert_eq!(
        emulator.recorded(&["status", "faults"]),
        [json!([null, ["lost-answer"]]), json!([null, ["reset-after-first-byte"]]), json!([200, ["truncated-body"]])]
    );
}

#[test]
fn a_request_that_breaks_off_is_recorded_without_a_status() {
    let emulator = Emulator::start(&[]);
    let client = connect(emulator.address());
    let head = post("/v1/vector_stores", "application/json", "content-length: 9\r\n");
    (&client).write_all((head + "{").as_bytes()).unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(read_all(&client, b"").unwrap_or_default(), b"");
    assert_eq!(emulator.recorded(&["status", "bytes"]), [json!([null, 1])]);
}

#[test]
fn a_client_that_has_said_all_still_hears_the_answer() {
    let emulator = Emulator::start(&[]);
    let client = connect(emulator.address());
    let text = "GET /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nx-vsfb-fault: latency=200ms\r\n\r\n";
    (&client).write_all(text.as_bytes()).unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(answer(&client), 200);
}
