//! Uploads: a file as a form that is read from disk while it is sent.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use reqwest::blocking::Body;

use super::attempt::{Failed, innermost};
use super::client::{Client, Sending};
use super::error::{Error, TransportKind};
use super::files::PURPOSE;
use super::reply::Reply;
use super::request::Method;

/// The longest body that is read before it is sent. A longer one is read as it is sent: then each 8 kB of it go from one
/// thread to another, which for short files costs more than all the rest.
const AT_ONCE: u64 = 256 << 10;

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
    fn open(&self) -> Result<(Body, Arc<Outcome>), Error> {
        let outcome = Arc::new(Outcome::default());
        let length = self.upload.length;
        let file = (self.upload.open)().map_err(|error| Error::File(words("opened", &error)))?;
        let content = Content { file, left: length };
        let left = (self.head.len() + self.tail.len()) as u64 + length;
        let parts = Cursor::new(self.head.clone()).chain(content).chain(Cursor::new(self.tail.clone()));
        let mut reading = Reading { parts, left, outcome: Arc::clone(&outcome) };
        if left > AT_ONCE {
            return Ok((Body::sized(reading, left), outcome));
        }
        // One byte more shows where it ends.
        let mut whole = vec![0; usize::try_from(left).unwrap_or_default() + 1];
        let length = reading.read(&mut whole).map_err(|error| Error::File(words("read", &error)))?;
        whole.truncate(length);
        Ok((whole.into(), outcome))
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
    /// Uploads a file for use in vector stores, without repetition; `retry` counts those before. Memory does not grow with
    /// the file.
    ///
    /// # Errors
    /// What failed, and whether the file may be there all the same.
    pub(crate) fn upload_once(&self, upload: &Upload<'_>, retry: u32) -> Result<Reply, Failed> {
        let form = Form::new(upload);
        let request = self.connection.uploaded_files(Method::Post, None);
        let request = request.and_then(|request| request.with_form(&form.boundary));
        let request = request.map_err(|error| Failed::unsent(error.into()))?;
        let (body, outcome) = form.open().map_err(Failed::unsent)?;
        let sending = Sending { body: Some(body), shown: Some(&form.shown()) };
        self.deliver(&request, sending, retry).map_err(|failed| outcome.judge(failed))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::{self, Read};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::thread;
    use std::time::Duration;

    use super::super::tests::{Service, client_of, quiet, status};
    use super::super::types::UploadedFile;
    use super::super::{Client, Decision, Error, Event, Failed, ListQuery, Observer, Pages, Reply, Upload};

    type Opened = io::Result<Box<dyn Read + Send>>;

    /// A file that is read before it is sent, and one that is read as it is sent.
    const EACH_WAY: [&[u8]; 2] = [b"four", &[b'x'; 300_000]];

    /// Uploads this as `a.md`, of which `length` bytes are told.
    fn upload(client: &Client, length: u64, content: &[u8]) -> Result<Reply, Failed> {
        let open = || -> Opened { Ok(Box::new(io::Cursor::new(content.to_vec()))) };
        client.upload_once(&Upload { filename: "a.md", length, open: &open }, 0)
    }

    fn uploaded(service: &Service) -> usize {
        let pages = Pages::of_uploads(&service.client, ListQuery::default());
        pages.map(|page| page.unwrap().0.page().unwrap().items.len()).sum()
    }

    /// Why nothing was made of it.
    fn refusal(result: Result<Reply, Failed>) -> Error {
        let Failed { error, may_have_acted, .. } = result.expect_err("no upload");
        assert!(!may_have_acted, "{error}");
        error
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
            let reply = service.client.upload_once(&upload, 0).ok().unwrap();
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
        for content in EACH_WAY {
            let length = content.len() as u64;
            for (told, how) in [(length + 1, "shorter"), (length - 1, "longer"), (0, "longer")] {
                assert_eq!(refusal(upload(&service.client, told, content)).to_string(), changed(how));
            }
            let odd: [(Failing, &str); 3] = [
                (
                    Failing(&content[..2], || io::Error::from_raw_os_error(5)),
                    "the file cannot be read: input/output error",
                ),
                (Failing(b"", || io::Error::other("Another.md is in its place")), "Another.md is in its place"),
                // It is all there, and its reader says at the end that it is not what it was.
                (Failing(content, || io::Error::other("its hash is another")), "its hash is another"),
            ];
            for (failing, expected) in odd {
                let failing = Mutex::new(Some(failing));
                let open = || -> Opened { Ok(Box::new(failing.lock().unwrap().take().expect("opened once"))) };
                let result = service.client.upload_once(&Upload { filename: "a.md", length, open: &open }, 0);
                assert_eq!(refusal(result).to_string(), expected);
            }
        }
        let open = || -> Opened { Err(io::Error::from(io::ErrorKind::PermissionDenied)) };
        let result = service.client.upload_once(&Upload { filename: "a.md", length: 4, open: &open }, 0);
        assert_eq!(refusal(result).to_string(), "the file cannot be opened: permission denied");
        assert_eq!(uploaded(&service), 0);
    }

    #[test]
    fn a_lost_answer_may_leave_a_file_and_is_told() {
        let service = Service::start(&["lost-answer=1"]);
        let failed = upload(&service.client, 4, b"four").err().unwrap();
        assert!(failed.may_have_acted && matches!(failed.decision, Decision::Wait(_)), "{}", failed.error);
        assert_eq!(uploaded(&service), 1);
    }

    #[test]
    fn a_refusal_is_heard_whatever_of_the_file_was_read() {
        let service = Service::start(&["unauthorized"]);
        for length in [4, 300_000, 3_000_000] {
            let result = upload(&service.client, length, &vec![b'x'; usize::try_from(length).unwrap()]);
            assert_eq!(status(&refusal(result)), Some(401), "{length}");
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
        upload(&client, 6, b"s3cret").ok().unwrap();
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
    fn upload_to_somebody_who(holds: bool) -> Error {
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
        let result = client.upload_once(&Upload { filename: "a.md", length, open: &open }, 0);
        drop(server.join().unwrap());
        refusal(result)
    }

    #[test]
    fn who_does_not_take_the_whole_file_has_made_nothing_of_it() {
        for (holds, expected, hint) in [
            (false, " closed the connection before it had the whole file", "take no file of this size"),
            (true, " within 1s", "--request-timeout moves this limit"),
        ] {
            let error = upload_to_somebody_who(holds);
            assert!(error.to_string().ends_with(expected) && error.may_pass(), "{error}");
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
                        upload(&service.client, 50_000, &content).ok().unwrap();
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
