//! Reads `multipart/form-data`: text fields are kept, the file is counted and hashed.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyDataStream;
use hyper::body::{Body as Incoming, Bytes, Frame};
use multer::{Field, Multipart};
use ring::digest::{self, SHA256};
use tokio::time::timeout;

use super::message::{Body, Form, FormFile, Wanted};

/// The longest text field, in bytes.
const FIELD_LIMIT: usize = 64 << 10;
/// The most text fields.
const FIELDS: usize = 64;
/// How much may come without a field or a piece of one in it: what stands before the first boundary, the headers of a
/// part. The parser keeps it all until then.
const IDLE_BYTES: usize = 64 << 10;

/// Why there is no form, beside what is wrong with it.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Nothing came for too long.
    Late,
    /// The connection broke.
    Broken,
}

/// Why reading ends.
enum End {
    Stopped(Stopped),
    TooLarge,
    Malformed(String),
}

impl From<multer::Error> for End {
    fn from(error: multer::Error) -> Self {
        match error {
            multer::Error::StreamReadFailed(cause) if cause.is::<Endless>() => {
                Self::Malformed(format!("more than {IDLE_BYTES} bytes hold no part"))
            }
            multer::Error::StreamReadFailed(_) => Self::Stopped(Stopped::Broken),
            error => Self::Malformed(error.to_string()),
        }
    }
}

/// Reads a form. `patience` is how long to wait for each piece of it.
///
/// # Errors
/// When the client stops sending.
pub(crate) async fn read<B>(body: &mut B, content_type: &str, patience: Duration) -> Result<Body, Stopped>
where
    B: Incoming<Data = Bytes> + Send + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let boundary = match multer::parse_boundary(content_type) {
        Ok(boundary) => boundary,
        Err(error) => return Ok(Body::Malformed(error.to_string())),
    };
    match form(body, boundary, patience).await {
        Ok(form) => Ok(Body::Form(form)),
        Err(End::TooLarge) => Ok(Body::TooLarge),
        Err(End::Malformed(what)) => Ok(Body::Malformed(what)),
        Err(End::Stopped(stopped)) => Err(stopped),
    }
}

async fn form<B>(body: &mut B, boundary: String, patience: Duration) -> Result<Form, End>
where
    B: Incoming<Data = Bytes> + Send + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let gate = Arc::new(Gate::default());
    let gated = Gated { body, gate: Arc::clone(&gate) };
    let mut parts = Multipart::new(BodyDataStream::new(gated), boundary);
    let mut form = Form::default();
    loop {
        let next = poll_fn(|context| gate.poll(|| parts.poll_next_field(context)));
        let Some(part) = timeout(patience, next).await.map_err(|_| End::Stopped(Stopped::Late))?? else {
            return Ok(form);
        };
        let Some(name) = part.name().map(str::to_owned) else {
            return Err(End::Malformed("a part has no name".to_owned()));
        };
        let mut pieces = Pieces { part, gate: &gate, patience };
        // Without a filename it is a text, be it the path of a file.
        if name == "file" && pieces.part.file_name().is_some() {
            if form.file.is_some() {
                return Err(End::Malformed("more than one part is named `file`".to_owned()));
            }
            form.file = Some(pieces.file().await?);
        } else if form.fields.len() == FIELDS {
            return Err(End::Malformed(format!("more than {FIELDS} fields")));
        } else {
            let text = pieces.text(&name).await?;
            form.fields.push((name, text));
        }
    }
}

/// The content of a part as it comes.
struct Pieces<'a> {
    part: Field<'a>,
    gate: &'a Gate,
    patience: Duration,
}

impl Pieces<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, End> {
        let part = &mut self.part;
        let gate = self.gate;
        let next = poll_fn(|context| gate.poll(|| std::pin::pin!(part.chunk()).poll(context)));
        Ok(timeout(self.patience, next).await.map_err(|_| End::Stopped(Stopped::Late))??)
    }

    async fn text(&mut self, name: &str) -> Result<String, End> {
        let mut text = Vec::new();
        while let Some(piece) = self.next().await? {
            if text.len() + piece.len() > FIELD_LIMIT {
                return Err(End::Malformed(format!("the field `{name}` has more than {FIELD_LIMIT} bytes")));
            }
            text.extend_from_slice(&piece);
        }
        String::from_utf8(text).map_err(|_| End::Malformed(format!("the field `{name}` is not UTF-8")))
    }

    async fn file(&mut self) -> Result<FormFile, End> {
        let filename = self.part.file_name().unwrap_or_default().to_owned();
        let mut hash = digest::Context::new(&SHA256);
        let mut bytes = 0;
        while let Some(piece) = self.next().await? {
            bytes += piece.len() as u64;
            if bytes > Wanted::FILE_LIMIT {
                return Err(End::TooLarge);
            }
            hash.update(&piece);
        }
        let sha256 = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        Ok(FormFile { filename, bytes, sha256 })
    }
}

/// Lets a piece of the body through to the parser only where it cannot go on without. By itself it takes all that has
/// come before it looks at any of it.
#[derive(Default)]
struct Gate {
    open: AtomicBool,
    /// How much has come since the parser last gave something.
    held: AtomicUsize,
}

impl Gate {
    /// Asks the parser until it gives something or waits for the body.
    fn poll<T>(&self, mut ask: impl FnMut() -> Poll<T>) -> Poll<T> {
        loop {
            let given = ask();
            if given.is_ready() {
                self.held.store(0, Relaxed);
                self.open.store(false, Relaxed);
                return given;
            }
            if self.open.swap(true, Relaxed) {
                return Poll::Pending;
            }
        }
    }
}

/// A body behind a [`Gate`].
struct Gated<B> {
    body: B,
    gate: Arc<Gate>,
}

/// Too much has come that is no part.
#[derive(Debug)]
struct Endless;

impl std::fmt::Display for Endless {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("too much that is no part")
    }
}

impl std::error::Error for Endless {}

impl<B> Incoming for Gated<B>
where
    B: Incoming<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.gate.open.load(Relaxed) {
            return Poll::Pending;
        }
        if self.gate.held.load(Relaxed) > IDLE_BYTES {
            return Poll::Ready(Some(Err(Endless.into())));
        }
        let polled = Pin::new(&mut self.body).poll_frame(context).map_err(Into::into);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.gate.held.fetch_add(frame.data_ref().map_or(0, Bytes::len), Relaxed);
            self.gate.open.store(false, Relaxed);
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use hyper::body::{Body as Incoming, Bytes, Frame};

    use super::{Body, FIELD_LIMIT, FIELDS, Form, FormFile, IDLE_BYTES, Stopped, read};

    /// A body in these pieces, of which it tells how many are left.
    struct Pieces(VecDeque<Bytes>);

    impl Pieces {
        fn of(text: &[u8], length: usize) -> Self {
            Self(text.chunks(length).map(Bytes::copy_from_slice).collect())
        }
    }

    impl Incoming for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
        }
    }

    fn read_pieces(pieces: &mut Pieces) -> Body {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(read(pieces, "multipart/form-data; boundary=b", Duration::from_secs(30))).unwrap()
    }

    fn read_text(text: &[u8]) -> Body {
        read_pieces(&mut Pieces::of(text, 1000))
    }

    fn part(disposition: &str, content: &str) -> String {
        format!("--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
    }

    #[test]
    fn a_form_is_read_whatever_the_pieces() {
        let text = [
            part("name=\"purpose\"", "assistants"),
            part("name=\"file\"; filename=\"a b.txt\"", "hello"),
            part("name=\"expires_after[seconds]\"", ""),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        let fields = [("purpose", "assistants"), ("expires_after[seconds]", "")];
        let expected = Form {
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            file: Some(FormFile {
                filename: "a b.txt".to_owned(),
                bytes: 5,
                sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
            }),
        };
        for length in 1..=text.len() {
            let body = read_pieces(&mut Pieces::of(text.as_bytes(), length));
            assert_eq!(body, Body::Form(expected.clone()), "{length}");
        }
    }

    #[test]
    fn a_file_without_a_filename_is_a_text() {
        let text = part("name=\"file\"", "/path/of/it") + "--b--";
        let expected = Form { fields: vec![("file".to_owned(), "/path/of/it".to_owned())], file: None };
        assert_eq!(read_text(text.as_bytes()), Body::Form(expected));
    }

    #[test]
    fn a_file_may_hold_anything_under_an_empty_name() {
        let text = part("name=\"file\"; filename=\"\"", "\r\n--\r\n--c\r\n\0") + "--b--";
        let Body::Form(Form { file: Some(file), .. }) = read_text(text.as_bytes()) else { panic!("no file") };
        assert_eq!((file.filename.as_str(), file.bytes), ("", 12));
    }

    #[test]
    fn what_is_no_form_is_described() {
        let long = "x".repeat(FIELD_LIMIT + 1);
        let file = part("name=\"file\"; filename=\"a.md\"", "");
        let cases = [
            (part("name=\"a\"", &long), "the field `a` has more than 65536 bytes"),
            (part("name=\"a\"", "").repeat(FIELDS + 1), "more than 64 fields"),
            (part("filename=\"a\"", ""), "a part has no name"),
            (file.repeat(2), "more than one part is named `file`"),
        ];
        for (text, complaint) in cases {
            assert_eq!(read_text((text + "--b--").as_bytes()), Body::Malformed(complaint.to_owned()));
        }
        let invalid = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--b--";
        assert_eq!(read_text(invalid), Body::Malformed("the field `a` is not UTF-8".to_owned()));
        for text in [
            "",
            "hello",
            "--b",
            "--b\r\n\r\n",
            "--b\r\nx\r\n\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        ] {
            assert!(matches!(read_text(text.as_bytes()), Body::Malformed(_)), "{text:?}");
        }
    }

    #[test]
    fn a_form_needs_a_boundary() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let body = runtime.block_on(read(&mut Pieces::of(b"", 1), "multipart/form-data", Duration::from_secs(30)));
        assert!(matches!(body, Ok(Body::Malformed(_))), "{body:?}");
    }

    #[test]
    fn what_never_becomes_a_part_is_given_up() {
        for begin in ["", "--b\r\nX: ", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nX: "] {
            let mut pieces = Pieces::of((begin.to_owned() + &"x".repeat(10 * IDLE_BYTES)).as_bytes(), 1000);
            let body = read_pieces(&mut pieces);
            assert_eq!(body, Body::Malformed("more than 65536 bytes hold no part".to_owned()), "{begin:?}");
            let left: usize = pieces.0.iter().map(Bytes::len).sum();
            assert!(left > 8 * IDLE_BYTES, "{left} bytes are left");
        }
    }

    #[test]
    fn the_parser_takes_no_more_than_it_needs() {
        let small = part("name=\"a\"", "") + &part("name=\"file\"", "");
        let mut pieces =
            Pieces::of((small.clone() + &part("filename=x", "") + &"x".repeat(1 << 20)).as_bytes(), small.len() + 100);
        assert_eq!(read_pieces(&mut pieces), Body::Malformed("a part has no name".to_owned()));
        let left: usize = pieces.0.iter().map(Bytes::len).sum();
        assert!(left > (1 << 20) - 2 * (small.len() + 100), "{left} bytes are left");
    }

    #[test]
    fn nobody_waits_for_ever() {
        struct Silent;
        impl Incoming for Silent {
            type Data = Bytes;
            type Error = Infallible;
            fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
                Poll::Pending
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let read = runtime.block_on(read(&mut Silent, "multipart/form-data; boundary=b", Duration::from_millis(1)));
        assert!(matches!(read, Err(Stopped::Late)), "{read:?}");
    }
}
