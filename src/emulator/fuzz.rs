//! Made-up requests and forms by the million: none may panic, and each gets an answer in the service's shape.
//!
//! The normal run makes some; `cargo test --release --bin vsfb -- --ignored millions` makes millions.

#![cfg(test)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Bytes, Frame};
use serde_json::{Map, Value, json};
use tokio::runtime::Builder;

use super::faults::{Fault, table};
use super::message::{Body, Content, Form, FormFile, Head, Wanted};
use super::random::Random;
use super::{Emulator, Options, upload};

/// One of these.
fn pick<'a, T>(random: &mut Random, choices: &'a [T]) -> &'a T {
    let last = u64::try_from(choices.len() - 1).unwrap();
    &choices[usize::try_from(random.between(0, last)).unwrap()]
}

fn number(random: &mut Random, most: usize) -> usize {
    usize::try_from(random.between(0, most as u64)).unwrap()
}

/// Damages some bytes.
fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.between(0, 3) {
        let place = number(random, bytes.len());
        match random.between(0, 3) {
            0 => bytes.insert(place, u8::try_from(random.between(0, 255)).unwrap()),
            1 => bytes.truncate(place),
            2 => {
                let end = (place + number(random, 20)).min(bytes.len());
                bytes.drain(place..end);
            }
            _ => {
                let end = (place + number(random, 20)).min(bytes.len());
                let copy = bytes[place..end].to_vec();
                let at = number(random, bytes.len());
                bytes.splice(at..at, copy);
            }
        }
    }
}

const SEGMENTS: [&str; 14] = [
    "v1",
    "vector_stores",
    "vs_1",
    "vs_",
    "files",
    "file_batches",
    "cancel",
    "file-a",
    "file-fail-server.md",
    "vsfb_1",
    "",
    "%2F",
    "%FF",
    "..",
];

fn target(random: &mut Random) -> (String, String) {
    let known = [
        "/v1/vector_stores",
        "/v1/vector_stores/vs_1",
        "/v1/vector_stores/vs_1/files",
        "/v1/vector_stores/vs_1/files/file-a",
        "/v1/vector_stores/vs_1/file_batches",
        "/v1/vector_stores/vs_1/file_batches/BATCH",
        "/v1/vector_stores/vs_1/file_batches/BATCH/cancel",
        "/v1/vector_stores/vs_1/file_batches/BATCH/files",
        "/v1/files",
        "/v1/files/file-a",
    ];
    let path = if random.chance(85) {
        (*pick(random, &known)).to_owned()
    } else {
        (0..random.between(0, 6)).flat_map(|_| ["/", *pick(random, &SEGMENTS)]).collect()
    };
    let names = ["limit", "after", "before", "order", "filter", "purpose", "x", "%"];
    let values =
        ["1", "0", "100", "101", "-1", "asc", "desc", "failed", "completed", "file-a", "vs_1", "assistants", "", "%zz"];
    let query: Vec<String> =
        (0..random.between(0, 2)).map(|_| format!("{}={}", pick(random, &names), pick(random, &values))).collect();
    (path, query.join("&"))
}

fn value(random: &mut Random, depth: usize) -> Value {
    let texts = ["file-a", "file-b.PDF", "file-slow", "auto", "static", "last_active_at", "\u{1b}[2J", "", "ä"];
    match random.between(0, if depth > 0 { 7 } else { 4 }) {
        0 => Value::Null,
        1 => json!(random.chance(50)),
        2 => json!(random.next_u64() % 5000),
        3 => json!(-0.5),
        4 => json!(pick(random, &texts)),
        5 => (0..random.between(0, 20)).map(|_| value(random, depth - 1)).collect(),
        _ => object(random, depth - 1),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    let keys = [
        "file_ids",
        "files",
        "file_id",
        "attributes",
        "chunking_strategy",
        "type",
        "static",
        "max_chunk_size_tokens",
        "chunk_overlap_tokens",
        "name",
        "metadata",
        "expires_after",
        "anchor",
        "days",
        "x",
    ];
    let pairs = (0..random.between(0, 4)).map(|_| ((*pick(random, &keys)).to_owned(), value(random, depth)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// A body of the kind that is wanted, often a right one.
fn body(random: &mut Random, wanted: Wanted) -> Body {
    let right = [
        json!({"file_ids": ["file-a", "file-b"]}),
        json!({"files": [{"file_id": "file-a", "attributes": {"a": 1}, "chunking_strategy": {"type": "static",
            "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}}]}),
        json!({"file_id": "file-a"}),
        json!({"attributes": {"a": 1, "b": "x"}}),
        json!({"name": "x", "metadata": {"a": "b"}, "expires_after": {"anchor": "last_active_at", "days": 1}}),
    ];
    match wanted {
        Wanted::Nothing => Body::Nothing,
        Wanted::Form => {
            let names = ["purpose", "expires_after[anchor]", "expires_after[seconds]", "x"];
            let values = ["assistants", "created_at", "3600", "", "99999999999999999999"];
            let fields = (0..random.between(0, 3))
                .map(|_| ((*pick(random, &names)).to_owned(), (*pick(random, &values)).to_owned()))
                .collect();
            let file = FormFile { filename: "a.md".to_owned(), bytes: random.between(0, 9), sha256: String::new() };
            Body::Form(Form { fields, file: random.chance(80).then_some(file) })
        }
        Wanted::Json => {
            let value = if random.chance(40) { pick(random, &right).clone() } else { object(random, 3) };
            let mut bytes = value.to_string().into_bytes();
            if random.chance(20) {
                damage(random, &mut bytes);
            }
            Body::Json(bytes)
        }
    }
}

/// Asks a service so many questions, and looks at each answer.
fn ask(seed: u64, requests: usize) {
    let mut random = Random::new(seed);
    let faults: Vec<String> = table().map(|(name, _)| name.split('[').next().unwrap().to_owned()).collect();
    let given: Vec<String> = (0..random.between(0, 2)).map(|_| pick(&mut random, &faults).clone()).collect();
    let options = Options {
        file_time: Duration::from_millis(random.between(0, 500)),
        parallel: 1 + number(&mut random, 9),
        strict: random.chance(20),
        limits: random.chance(20),
        faults: given.iter().filter_map(|name| Fault::parse(&format!("{name}=10%")).ok()).collect(),
        seed,
    };
    let mut now = 1_700_000_000_000;
    let mut emulator = Emulator::new(options, now);
    let mut batch = "vsfb_none".to_owned();
    for _ in 0..requests {
        now += random.between(0, 300);
        let (path, query) = target(&mut random);
        let head = Head {
            method: (*pick(&mut random, &["GET", "POST", "POST", "DELETE", "PUT"])).to_owned(),
            path: path.replace("BATCH", &batch),
            query,
            authorization: random.chance(98).then(|| "Bearer x".to_owned()),
            content_type: Some(
                if path == "/v1/files" { "multipart/form-data; boundary=b" } else { "application/json" }.to_owned(),
            ),
            content_encoding: None,
            fault: random.chance(5).then(|| pick(&mut random, &faults).clone()),
        };
        let call = emulator.admit(&head);
        let body = body(&mut random, call.wanted);
        let answer = emulator.answer(&call, body, now);
        let context = || format!("seed {seed}: {head:?}: {answer:?}");
        match &answer.content {
            Content::Json(value) if answer.status == 200 => {
                assert!(
                    value["object"].is_string() && value["id"].is_string() || value["object"] == "list",
                    "{}",
                    context()
                );
                if value["object"] == "vector_store.file_batch" {
                    value["id"].as_str().unwrap().clone_into(&mut batch);
                }
            }
            Content::Json(value) => assert!(value["error"]["message"].is_string(), "{}", context()),
            Content::Html(_) | Content::Nothing => assert!(call.plan.instead.is_some(), "{}", context()),
        }
        assert!([200, 302, 400, 401, 404, 405, 429, 500, 502, 503].contains(&answer.status), "{}", context());
    }
}

/// A body that comes in these pieces.
struct Pieces(VecDeque<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

fn in_pieces(random: &mut Random, bytes: Vec<u8>) -> Pieces {
    let mut rest = Bytes::from(bytes);
    let mut pieces = VecDeque::new();
    while !rest.is_empty() {
        let size = 1 + number(random, rest.len() - 1).min(number(random, 200));
        pieces.push_back(rest.split_to(size));
    }
    Pieces(pieces)
}

/// Reads so many forms, right ones and damaged ones.
fn read(seed: u64, forms: usize) {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let mut random = Random::new(seed);
    for _ in 0..forms {
        let content: Vec<u8> = (0..number(&mut random, 300)).map(|_| *pick(&mut random, b"a-\r\nb\0")).collect();
        let mut form = b"--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n".to_vec();
        form.extend_from_slice(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n");
        form.extend_from_slice(b"Content-Type: text/markdown\r\n\r\n");
        form.extend_from_slice(&content);
        form.extend_from_slice(b"\r\n--b--\r\n");
        let is_right = random.chance(30) && !content.windows(5).any(|five| five == b"\r\n--b");
        if !is_right {
            damage(&mut random, &mut form);
        }
        let mut body = in_pieces(&mut random, form.clone());
        let read =
            runtime.block_on(upload::read(&mut body, "multipart/form-data; boundary=b", Duration::from_secs(60)));
        let read = read.unwrap_or_else(|_| panic!("seed {seed}: no body stops here"));
        if is_right {
            let Body::Form(found) = read else { panic!("seed {seed}: {read:?}: {}", form.escape_ascii()) };
            assert_eq!(found.fields, [("purpose".to_owned(), "assistants".to_owned())]);
            assert_eq!(found.file.unwrap().bytes, content.len() as u64, "seed {seed}");
        }
    }
}

#[test]
fn made_up_requests_get_an_answer() {
    (0..20).for_each(|seed| ask(seed, 500));
}

#[test]
fn made_up_forms_are_read_or_refused() {
    (0..10).for_each(|seed| read(seed, 500));
}

#[test]
#[ignore = "takes minutes"]
fn millions_of_requests_get_an_answer() {
    (1000..7000).for_each(|seed| ask(seed, 500));
}

#[test]
#[ignore = "takes minutes"]
fn millions_of_forms_are_read_or_refused() {
    (1000..7000).for_each(|seed| read(seed, 500));
}
