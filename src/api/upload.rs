//! Uploads: a file as a form that is read from disk while it is sent.

#![cfg_attr(not(test), expect(dead_code, reason = "`sync` will upload"))]

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use reqwest::blocking::Body;

use super::attempt::{Failed, innermost};
use super::client::{Client, Creation, Sending};
use super::error::{Error, TransportKind};
use super::event::Created;
use super::files::PURPOSE;
use super::reply::Reply;
use super::request::{Method, Request};

/// A file to upload, read as it is sent.
pub(crate) struct Upload<'a> {
    /// The name it is to have.
    pub(crate) filename: &'a str,
    /// In bytes. More or fewer are a file that changed, and the upload fails.
    pub(crate) length: u64,
    /// Opens it, for each attempt anew. What a read fails with ends the upload, also where the end is read: nothing of the
    /// file is there then, so a reader can compare what it has read with what there should be.
    pub(crate) open: &'a (dyn Fn() -> io::Result<Box<dyn Read + Send>> + Sync),
}

/// What stands around the content in the body of an upload.
struct Form<'a> {
    upload: &'a Upload<'a>,
    boundary: String,
    head: String,
    tail: String,
}

impl<'a> Form<'a> {
    fn new(upload: &'a Upload<'a>) -> Self {
        // Too random to stand in the content.
        let random = || RandomState::new().hash_one(0);
        let boundary = format!("vsfb-{:016x}{:016x}", random(), random());
        let filename = encoded(upload.filename);
        let head = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"purpose\"\r\n\r\n\
             {PURPOSE}\r\n\
             --{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        Self { upload, boundary, head, tail }
    }

    /// The body of one attempt, and what comes of reading it.
    fn open(&self) -> io::Result<(Body, Arc<Outcome>)> {
        let outcome = Arc::new(Outcome::default());
        let length = self.upload.length;
        let content = Content { file: (self.upload.open)()?, left: length };
        let left = (self.head.len() + self.tail.len()) as u64 + length;
        let parts = Cursor::new(self.head.clone()).chain(content).chain(Cursor::new(self.tail.clone()));
        let reading = Reading { parts, left, outcome: Arc::clone(&outcome) };
        Ok((Body::sized(reading, left), outcome))
    }

    /// The body for people to read.
    fn shown(&self) -> String {
        format!("{}[{} bytes]{}", self.head, self.upload.length, self.tail)
    }
}

/// A file name as forms have it: the HTML standard encodes these three characters and no others.
fn encoded(filename: &str) -> String {
    filename.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// What came of reading a body.
#[derive(Debug, Default)]
struct Outcome {
    /// Whether it was read to its end.
    is_complete: AtomicBool,
    /// What is wrong with the file.
    fault: OnceLock<String>,
}

impl Outcome {
    /// What a failed attempt was, in the light of how far the body was read. Without its end nothing is made of it.
    fn judge(&self, mut failed: Failed) -> Failed {
        if let Some(fault) = self.fault.get() {
            return Failed::unsent(Error::File(fault.clone()));
        }
        if self.is_complete.load(Relaxed) {
            return failed;
        }
        failed.may_have_acted = false;
        if let Error::Transport(transport) = &mut failed.error {
            transport.kind = match transport.kind {
                TransportKind::AnswerTimeout => TransportKind::SendTimeout,
                TransportKind::NoAnswer => TransportKind::NotTaken,
                kind => kind,
            };
        }
        failed
    }
}

/// A body as it goes out.
struct Reading<R> {
    parts: R,
    left: u64,
    outcome: Arc<Outcome>,
}

impl<R: Read> Read for Reading<R> {
    /// Fills the buffer over the borders of the parts, since each read is sent by itself.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.parts.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // There is no other: what failed is not read again.
                    let _ = self.outcome.fault.set(words("read", &error));
                    return Err(error);
                }
            }
        }
        self.left = self.left.saturating_sub(filled as u64);
        self.outcome.is_complete.store(self.left == 0, Relaxed);
        Ok(filled)
    }
}

/// The content of a file, which ends where it should or fails.
struct Content {
    file: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if read as u64 > self.left || (read == 0 && self.left > 0 && !buffer.is_empty()) {
            let change = if read == 0 { "shorter" } else { "longer" };
            return Err(io::Error::other(format!("the file changed while it was read: it is {change} now")));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// What is wrong with a file: in the words of whoever reads it, where they are not the system's.
fn words(attempted: &str, error: &io::Error) -> String {
    match error.get_ref() {
        Some(own) => own.to_string(),
        None => format!("the file cannot be {attempted}: {}", innermost(error)),
    }
}

impl Client {
    /// Uploads a file for use in vector stores; memory does not grow with it. Repeated like a create, each time from the
    /// beginning of the file.
    pub(crate) fn upload_file(&self, upload: &Upload<'_>) -> Creation {
        let form = Form::new(upload);
        let request = self.connection.uploaded_files(Method::Post, None);
        match request.and_then(|request| request.creating_by_form(Created::File, &form.boundary)) {
            Ok(request) => self.exchange(&request, &|retry| self.attempt_upload(&request, &form, retry)),
            Err(error) => Creation { reply: Err(error.into()), lost_answer: false },
        }
    }

    fn attempt_upload(&self, request: &Request, form: &Form<'_>, retry: u32) -> Result<Reply, Failed> {
        let (body, outcome) = form.open().map_err(|error| Failed::unsent(Error::File(words("opened", &error))))?;
        let sending = Sending { body: Some(body), shown: Some(&form.shown()) };
        self.deliver(request, sending, retry).map_err(|failed| outcome.judge(failed))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::{self, Read};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::sync::{Arc, Mutex};
    use std::thread;
    use std::time::Duration;

    use super::super::tests::{Service, client_of, quiet, status};
    use super::super::types::UploadedFile;
    use super::super::{Client, Created, Creation, Event, ListQuery, Observer, Pages, Upload};

    type Opened = io::Result<Box<dyn Read + Send>>;

    /// Uploads this as `a.md`, of which `length` bytes are told.
    fn upload(client: &Client, length: u64, content: &[u8]) -> Creation {
        let open = || -> Opened { Ok(Box::new(io::Cursor::new(content.to_vec()))) };
        client.upload_file(&Upload { filename: "a.md", length, open: &open })
    }

    fn uploaded(service: &Service) -> usize {
        let pages = Pages::of_uploads(&service.client, ListQuery::default());
        pages.map(|page| page.unwrap().0.page().unwrap().items.len()).sum()
    }

    fn message(creation: Creation) -> String {
        assert!(!creation.lost_answer);
        creation.reply.unwrap_err().to_string()
    }

    /// What fails as it is read, after this.
    struct Failing(&'static [u8], fn() -> io::Error);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err((self.1)()),
                read => Ok(read),
            }
        }
    }

    #[test]
    fn a_file_arrives_as_it_is_under_its_name() {
        let service = Service::start(&[]);
        let names = ["a.md", "a \"b\".md", "\u{e4}\u{1f600}.md", "a;b=c.md", "a\r\nb.md"];
        let sent = ["a.md", "a %22b%22.md", "\u{e4}\u{1f600}.md", "a;b=c.md", "a%0D%0Ab.md"];
        let mut expected = Vec::new();
        for (name, length) in names.into_iter().zip([0_usize, 1, 8000, 8192, 300_000]) {
            let content: Vec<u8> = (0..length).map(|place| b"-\r\n\0\xff\"vsfb"[place * place % 10]).collect();
            let open = || -> Opened { Ok(Box::new(io::Cursor::new(content.clone()))) };
            let upload = Upload { filename: name, length: length as u64, open: &open };
            let reply = service.client.upload_file(&upload).reply.unwrap();
            let file = UploadedFile::read(reply.json()).unwrap();
            assert_eq!((file.bytes, file.purpose.as_deref()), (Some(length as u64), Some("assistants")));
            let hash = ring::digest::digest(&ring::digest::SHA256, &content);
            let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            expected.push((file.filename.unwrap(), hash));
        }
        let rows = service.finish();
        let text = |row: &serde_json::Value, name: &str| row["file"][name].as_str().unwrap().to_owned();
        let got: Vec<_> = rows.iter().map(|row| (text(row, "filename"), text(row, "sha256"))).collect();
        assert_eq!(got, expected);
        assert_eq!(got.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), sent);
    }

    #[test]
    fn a_file_that_is_not_what_it_was_makes_no_upload() {
        let service = Service::start(&[]);
        let changed = |how: &str| format!("the file changed while it was read: it is {how} now");
        let long = vec![b'x'; 100_000];
        for (length, content, how) in
            [(5, &b"four"[..], "shorter"), (3, b"four", "longer"), (0, b"x", "longer"), (99_999, &long, "longer")]
        {
            assert_eq!(message(upload(&service.client, length, content)), changed(how));
        }
        let odd: [(Failing, &str); 3] = [
            (Failing(b"on", || io::Error::from_raw_os_error(5)), "the file cannot be read: input/output error"),
            (Failing(b"", || io::Error::other("Another.md is in its place")), "Another.md is in its place"),
            // It is all there, and its reader says at the end that it is not what it was.
            (Failing(b"four", || io::Error::other("its hash is another")), "its hash is another"),
        ];
        for (failing, expected) in odd {
            let failing = Mutex::new(Some(failing));
            let open = || -> Opened { Ok(Box::new(failing.lock().unwrap().take().expect("opened once"))) };
            let creation = service.client.upload_file(&Upload { filename: "a.md", length: 4, open: &open });
            assert_eq!(message(creation), expected);
        }
        let open = || -> Opened { Err(io::Error::from(io::ErrorKind::PermissionDenied)) };
        let creation = service.client.upload_file(&Upload { filename: "a.md", length: 4, open: &open });
        assert_eq!(message(creation), "the file cannot be opened: permission denied");
        assert_eq!(uploaded(&service), 0);
    }

    #[test]
    fn a_repetition_reads_the_file_anew() {
        let service = Service::start(&["rate-limit-exceeded=2", "retry-after=0"]);
        let opened = AtomicU32::new(0);
        let open = || -> Opened {
            opened.fetch_add(1, Relaxed);
            Ok(Box::new(io::repeat(b'x').take(20_000)))
        };
        let creation = service.client.upload_file(&Upload { filename: "a.md", length: 20_000, open: &open });
        assert!(creation.reply.is_ok() && !creation.lost_answer);
        assert_eq!((opened.load(Relaxed), uploaded(&service)), (3, 1));
    }

    #[test]
    fn a_lost_answer_may_leave_two_files_and_is_told() {
        let service = Service::start(&["lost-answer=1"]);
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let tell = move |event: &Event<'_>| {
            if let Event::MayHaveCreated { what, repeated, .. } = event {
                heard.lock().unwrap().push((*what, *repeated));
            }
        };
        let client = service.client.observed_by(Observer { traces: false, tell: Box::new(tell) });
        let creation = upload(&client, 4, b"four");
        assert!(creation.reply.is_ok() && creation.lost_answer);
        assert_eq!(uploaded(&service), 2);
        assert_eq!(*told.lock().unwrap(), [(Created::File, true)]);
    }

    #[test]
    fn a_refusal_is_heard_whatever_of_the_file_was_read() {
        let service = Service::start(&["unauthorized"]);
        for length in [4, 300_000, 3_000_000] {
            let error = upload(&service.client, length, &vec![b'x'; usize::try_from(length).unwrap()]);
            assert!(!error.lost_answer);
            assert_eq!(status(&error.reply.unwrap_err()), Some(401), "{length}");
        }
    }

    #[test]
    fn who_traces_sees_the_head_and_not_the_content() {
        let service = Service::start(&[]);
        let seen = Arc::new(Mutex::new(String::new()));
        let trace = Arc::clone(&seen);
        let tell = move |event: &Event<'_>| {
            if let Event::Sent { body, .. } = event {
                *trace.lock().unwrap() = body.unwrap().to_owned();
            }
        };
        let client = service.client.observed_by(Observer { traces: true, tell: Box::new(tell) });
        upload(&client, 6, b"s3cret").reply.unwrap();
        let seen = seen.lock().unwrap();
        let boundary = seen.lines().next().unwrap();
        let expected = format!(
            "{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n\
             {boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n[6 bytes]\r\n{boundary}--\r\n"
        );
        assert_eq!(*seen, expected);
    }

    /// What comes of uploading without end to somebody who reads a little, and then holds the line or hangs up.
    fn upload_to_somebody_who(holds: bool) -> Creation {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 1000]).unwrap();
            holds.then_some(stream)
        });
        let mut connection = (*client_of(&base_url, quiet()).connection).clone();
        connection.max_retries = 0;
        connection.request_timeout = Duration::from_secs(1);
        let client = Client::new(connection, quiet()).unwrap();
        let length = 1 << 30;
        let open = || -> Opened { Ok(Box::new(io::repeat(b'x').take(length))) };
        let creation = client.upload_file(&Upload { filename: "a.md", length, open: &open });
        drop(server.join().unwrap());
        creation
    }

    #[test]
    fn who_does_not_take_the_whole_file_has_made_nothing_of_it() {
        for (holds, expected, hint) in [
            (false, " closed the connection before it had the whole file", "take no file of this size"),
            (true, " within 1s", "--request-timeout moves this limit"),
        ] {
            let Creation { reply, lost_answer } = upload_to_somebody_who(holds);
            let error = reply.unwrap_err();
            assert!(error.to_string().ends_with(expected) && error.may_pass() && !lost_answer, "{error}");
            assert!(error.hint().unwrap().contains(hint));
        }
    }

    #[test]
    fn uploads_at_once_go_over_connections_that_are_kept() {
        let service = Service::start(&["latency=50ms"]);
        let content = vec![b'x'; 50_000];
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        upload(&service.client, 50_000, &content).reply.unwrap();
                    }
                });
            }
        });
        let rows = service.finish();
        let connections: HashSet<_> = rows.iter().map(|row| row["connection"].as_u64().unwrap()).collect();
        assert_eq!(rows.len(), 40);
        // About eight: a busy machine may begin late, or give a connection back late.
        assert!((2..=20).contains(&connections.len()), "{} connections", connections.len());
    }
}
