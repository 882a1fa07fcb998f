//! `vsfb create`

use anyhow::{Context as _, bail};
use clap::Args;

use super::file_flags::FileFlags;
use super::target::{check_id, fill_from_positionals, missing};
use super::waiting::{self, WaitFlags, WaitingArgs};
use super::with_reference;
use crate::api::types::{BatchId, FileBatch};
use crate::api::{Client, Creation, Reply, item_id, validate};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::input::body::Body;
use crate::input::embed::sent_as_text;
use crate::input::files::{checked_id, entries, not_an_id};
use crate::input::maps::{attributes, chunking_strategy, set};
use crate::input::stdin::{self, Look, Stdin};
use crate::journal::{self, Event, Record};
use crate::json::Value;
use crate::output::Messages;
use crate::poll::Awaited;
use crate::work::wait::{self, Aim};

/// Attach files to a vector store as one file batch
///
/// Files have been uploaded before and are named by their ids. Either all of them share attributes and chunking
/// (--file-id), or each may have its own (--file, or the --file.* flags); then --attributes and --chunking-strategy are
/// for the files that have none. The service's limits are checked before anything is sent. With --wait it prints the
/// batch as it has ended, and why files failed.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb create [OPTIONS] <VECTOR_STORE_ID> --file-id <FILE_ID>...
       vsfb create [OPTIONS] <VECTOR_STORE_ID> --file <MAP>...
       vsfb create [OPTIONS] <VECTOR_STORE_ID> --body <FILE>",
    after_long_help = with_reference(VALUES_AND_EXAMPLES)
)]
pub(crate) struct CreateArgs {
    /// The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    #[arg(long, value_name = "VECTOR_STORE_ID", help_heading = "Target")]
    vector_store_id: Option<String>,

    /// Value for --vector-store-id, where the flag is not given
    #[arg(value_name = "VECTOR_STORE_ID", help_heading = "Target")]
    ids: Vec<String>,

    /// A file's id; repeat it for each file, up to 2000
    #[arg(long, value_name = "FILE_ID", help_heading = "Files")]
    file_id: Vec<String>,

    #[command(flatten)]
    files: FileFlags,

    /// Attributes of all files: a map or key=value; repeat it to add more, where a later key wins
    #[arg(long, value_name = "MAP|KEY=VALUE", help_heading = "Metadata")]
    attributes: Vec<String>,

    /// How all files are cut into chunks: auto, static:MAX:OVERLAP in tokens, or a map [the service's default: auto]
    #[arg(long, value_name = "MAP|auto|static:MAX:OVERLAP", help_heading = "Metadata")]
    chunking_strategy: Option<String>,

    /// Read the request from a YAML or JSON map in this file, or on stdin with `-`; flags win
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    body: Option<String>,

    /// Send the request as it stands, though the service is known to refuse it
    #[arg(long, help_heading = "Input")]
    no_validate: bool,

    /// Print the body that would be sent, show the request on stderr and send nothing; needs no key
    #[arg(long, help_heading = "Input")]
    dry_run: bool,

    #[command(flatten)]
    waiting: WaitFlags,
}

const VALUES_AND_EXAMPLES: &str = "\
Values:
  A MAP is JSON or YAML, such as '{\"team\": \"red\"}' or '{team: red, year: 2024}'. \
In a map typed here \"@PATH\" is replaced by the file's content (text as it is, anything else base64), \
\"@file://PATH\" always as text, \"@data://PATH\" always as base64, \"@-\" by stdin; \"\\@x\" is the text \"@x\".
  In key=value, true, false and plain numbers have their type; \"…\" in double quotes is text, and so is all else.
  A YAML or JSON map on stdin is merged under the flags: vector_store_id, file_ids, files, attributes, \
chunking_strategy. It is read to its end where files are missing, else only if it is there at once. References in it \
are sent as text.

Examples:
  vsfb create vs_abc123 --file-id file-abc123 --file-id file-def456
  vsfb create vs_abc123 --file-id file-abc123 --attributes team=red --attributes year=2024
  vsfb create vs_abc123 --file '{file_id: file-abc123, attributes: {page: 7}}'
  vsfb create vs_abc123 --file-id file-abc123 --chunking-strategy static:800:400
  vsfb create vs_abc123 --file.file-id file-abc123 --file.attributes page=7
  vsfb create vs_abc123 --file-id file-abc123 --wait --timeout 10m
  echo '{\"file_ids\": [\"file-abc123\"]}' | vsfb create vs_abc123";

/// What is sent, and what the user should hear about it.
#[derive(Debug, PartialEq, Eq)]
struct CreateFileBatch {
    vector_store_id: String,
    body: Value,
}

impl CreateArgs {
    /// The request's members that flags give. Reads the files that typed values refer to.
    fn typed(&self, stdin: &mut Stdin) -> Result<Vec<(String, Value)>, UsageError> {
        let mut members = Vec::new();
        if !self.file_id.is_empty() {
            let ids = self.file_id.iter().cloned().map(Value::String).collect();
            members.push(("file_ids".to_owned(), Value::Array(ids)));
        }
        if !self.files.0.is_empty() {
            members.push(("files".to_owned(), Value::Array(entries(&self.files.0, stdin)?)));
        }
        if let Some(attributes) = attributes(&self.attributes, "--attributes", stdin)? {
            members.push(("attributes".to_owned(), attributes));
        }
        if let Some(text) = &self.chunking_strategy {
            members.push(("chunking_strategy".to_owned(), chunking_strategy(text, "--chunking-strategy", stdin)?));
        }
        Ok(members)
    }

    /// Whether flags alone are no request.
    fn lacks_something(&self) -> bool {
        self.vector_store_id.is_none() || (self.file_id.is_empty() && self.files.0.is_empty())
    }

    /// The body from stdin or `--body`, and whether stdin may still bring one that would go unused.
    fn given_body(&self, stdin: &mut Stdin, messages: Messages) -> Result<(Body, bool), UsageError> {
        if let Some(path) = &self.body {
            return Ok((Body::read(path, stdin)?, false));
        }
        if !stdin.is_free() {
            return Ok((Body::default(), false));
        }
        match if self.lacks_something() { stdin::rest(messages)? } else { stdin::at_hand()? } {
            Look::Read(bytes) => Ok((Body::from_stdin(bytes)?, false)),
            Look::Silent => Ok((Body::default(), true)),
            Look::NoInput => Ok((Body::default(), false)),
        }
    }

    /// Puts the request together; says what is odd but allowed.
    fn into_request(
        self,
        typed: Vec<(String, Value)>,
        mut body: Body,
        messages: Messages,
    ) -> Result<CreateFileBatch, UsageError> {
        body.identify_store();
        let store = body.fill(self.vector_store_id, "vector_store_id")?;
        let mut problems = if self.no_validate { Vec::new() } else { body.unknown_keys(&validate::BODY_KEYS) };
        let (mut members, hint) = body.into_members();
        for text in members.iter().flat_map(|(_, value)| sent_as_text(value)).take(MOST_SAID) {
            messages.note(&format!("`{text}` is sent as text: files are read only for values that are typed as flags"));
        }
        let typed_keys: Vec<String> = typed.iter().map(|(key, _)| key.clone()).collect();
        for (key, value) in typed {
            set(&mut members, key, value);
        }
        let body = Value::Object(members);
        let Some(vector_store_id) = store else {
            let lacks_files = body.get("file_ids").or_else(|| body.get("files")).is_none();
            return Err(missing(&[("--vector-store-id", true), ("--file-id", lacks_files)]));
        };
        check_id("the vector store id", &vector_store_id)?;
        if !self.no_validate {
            problems.extend(validate::problems(&body, &typed_keys));
            refuse(&problems, hint)?;
        }
        let body = share_with_files(body);
        for (id, count) in validate::repeated_ids(&body).into_iter().take(MOST_SAID) {
            messages.warning(&format!("the file id `{id}` is given {count} times"));
        }
        Ok(CreateFileBatch { vector_store_id, body })
    }
}

/// How many remarks of one kind are made.
const MOST_SAID: usize = 5;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// Moves attributes and chunking strategy of the whole batch into the entries of `files` that have none of their own:
/// the service ignores them beside `files` without a word.
fn share_with_files(body: Value) -> Value {
    let is_map = |file: &Value| matches!(file, Value::Object(_));
    let Some(Value::Array(files)) = body.get("files") else { return body };
    if body.get("file_ids").is_some() || !files.iter().all(is_map) {
        return body;
    }
    let Value::Object(mut members) = body else { return body };
    for shared in ["attributes", "chunking_strategy"] {
        let Some(position) = members.iter().position(|(key, _)| key == shared) else { continue };
        let (_, value) = members.remove(position);
        let Some((_, Value::Array(files))) = members.iter_mut().find(|(key, _)| key == "files") else { continue };
        for file in files {
            if let Value::Object(file) = file
                && file.iter().all(|(key, _)| key != shared)
            {
                file.push((shared.to_owned(), value.clone()));
            }
        }
    }
    Value::Object(members)
}

/// Turns problems into one error that lists them.
fn refuse(problems: &[String], hint: Option<String>) -> Result<(), UsageError> {
    let hint = hint.or_else(|| Some("--no-validate sends it as it stands".to_owned()));
    let message = match problems {
        [] => return Ok(()),
        [one] => one.clone(),
        many => {
            let mut listed: Vec<_> = many.iter().take(MOST_PROBLEMS).map(|problem| format!("\n  {problem}")).collect();
            if many.len() > MOST_PROBLEMS {
                listed.push(format!("\n  and {} more", many.len() - MOST_PROBLEMS));
            }
            format!("the request has {} problems:{}", many.len(), listed.concat())
        }
    };
    Err(UsageError { message, hint })
}

pub(crate) fn run(mut args: CreateArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let messages = context.messages();
    let waiting = args.waiting.given()?;
    args.take_positionals()?;
    let mut stdin = Stdin::default();
    let typed = args.typed(&mut stdin)?;
    let (body, may_come_late) = args.given_body(&mut stdin, messages)?;
    let dry_run = args.dry_run;
    let request = args.into_request(typed, body, messages)?;
    if dry_run {
        return show(&request, context);
    }
    let client = context.client()?;
    let reply = send(&request, &client, context)?;
    if may_come_late && stdin::has_arrived() {
        messages.warning("input on stdin was not used; give it with --body -");
    }
    let reply = reply?;
    if let Some(waiting) = waiting {
        return wait_for(reply, request.vector_store_id, &waiting, (&client, context));
    }
    let created = || format!("the file batch{} was created, but", id_of(&reply));
    context.ui.show(&reply).with_context(created)?;
    Ok(Exit::Success)
}

/// Sends the request, with a word in the journal before and after. Fails where there is no way to the service.
fn send(request: &CreateFileBatch, client: &Client, context: &Context) -> anyhow::Result<anyhow::Result<Reply>> {
    let sending = request.record(context.base_url()?);
    let is_recorded = context.record(&sending);
    let creation = client.create_batch(&request.vector_store_id, &request.body);
    if is_recorded {
        outcome(&sending, &creation).iter().all(|record| context.record(record));
    }
    Ok(creation.reply.with_context(|| format!("failed to create a file batch in `{}`", request.vector_store_id)))
}

impl CreateFileBatch {
    /// What the journal says before it is sent.
    fn record(&self, base_url: String) -> Record {
        let body = self.body.to_string();
        let plan = ring::digest::digest(&ring::digest::SHA256, format!("{}\n{body}", self.vector_store_id).as_bytes());
        let files = ["file_ids", "files"].iter().find_map(|key| match self.body.get(key) {
            Some(Value::Array(files)) => Some(files.len() as u64),
            _ => None,
        });
        Record {
            time: journal::now(),
            event: Event::Sending,
            base_url,
            vector_store_id: self.vector_store_id.clone(),
            batch_id: None,
            files: files.unwrap_or_default(),
            part: 1,
            parts: 1,
            first: 0,
            plan: plan.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
            files_from: None,
            status: None,
        }
    }
}

/// What the journal says after it was sent.
fn outcome(sending: &Record, creation: &Creation) -> Vec<Record> {
    let mut records = Vec::new();
    if creation.lost_answer {
        records.push(sending.then(Event::Lost));
    }
    match &creation.reply {
        Ok(reply) => {
            let status = FileBatch::read(reply.json()).and_then(|batch| batch.status);
            let batch_id = item_id(reply.json()).filter(|_| !reply.is_vector_store());
            records.push(Record { batch_id, status: status.map(|it| it.to_string()), ..sending.then(Event::Created) });
        }
        Err(_) if !creation.lost_answer => records.push(sending.then(Event::Refused)),
        Err(_) => {}
    }
    records
}

/// Waits for what was created. Its id is the one that the service has given it here, whatever it says later.
fn wait_for(
    reply: Reply,
    store: String,
    waiting: &WaitingArgs,
    (client, context): (&Client, &mut Context),
) -> anyhow::Result<Exit> {
    let id = item_id(reply.json()).filter(|_| !reply.is_vector_store());
    let Some(id) = id else {
        context.ui.show(&reply)?;
        bail!("the file batch in `{store}` was created, but the answer does not name it, so it cannot be waited for");
    };
    let awaited = Awaited::new(BatchId { store, id }, Some(reply), waiting::GRACE);
    wait::run(&waiting.wait(Aim::Completion), vec![awaited], client, context)
}

/// The id that a reply is about, for messages: where it cannot be shown, it must not be lost.
fn id_of(reply: &Reply) -> String {
    item_id(reply.json()).map(|id| format!(" `{id}`")).unwrap_or_default()
}

impl CreateArgs {
    /// Gives the first positional to the vector store; files have flags.
    fn take_positionals(&mut self) -> Result<(), UsageError> {
        self.refuse_references()?;
        let positionals = std::mem::take(&mut self.ids);
        let given = usize::from(self.vector_store_id.is_none());
        let store = self.vector_store_id.as_deref().or_else(|| positionals.first().map(String::as_str));
        let extra = positionals.iter().skip(given);
        let files: Vec<_> = self.file_id.iter().chain(extra).map(|id| format!(" --file-id {id}")).collect();
        let usage =
            format!("usage: vsfb create --vector-store-id {}{}", store.unwrap_or("VECTOR_STORE_ID"), files.concat());
        fill_from_positionals([&mut self.vector_store_id], positionals, &usage)
    }

    /// Refuses `--file-id @ids.txt`, and `--file-id @ ids.txt`, of which the second part is a positional.
    fn refuse_references(&self) -> Result<(), UsageError> {
        let after_store = self.ids.get(usize::from(self.vector_store_id.is_none()));
        for (index, id) in self.file_id.iter().enumerate() {
            let flag = format!("--file-id {}", index + 1);
            match after_store {
                Some(path) if id == "@" => return Err(not_an_id(id, path, &flag)),
                _ => checked_id(id, &flag)?,
            };
        }
        Ok(())
    }
}

/// `--dry-run`: the body on stdout, the rest of the request on stderr.
fn show(request: &CreateFileBatch, context: &mut Context) -> anyhow::Result<Exit> {
    let prepared = context.connection_without_key()?.create_batch(&request.vector_store_id, &request.body)?;
    context.messages().request(&prepared);
    context.ui.document(prepared.body.as_deref().unwrap_or_default())?;
    Ok(Exit::Success)
}

#[cfg(test)]
mod tests {
    use super::share_with_files;
    use crate::json::Value;

    fn shared(json: &str) -> String {
        share_with_files(Value::from_json(json).unwrap()).to_string()
    }

    #[test]
    fn what_is_for_all_files_goes_into_those_that_have_none() {
        assert_eq!(
            shared(
                r#"{"files":[{"file_id":"a"},{"file_id":"b","attributes":{"x":1}}],"attributes":{"y":2},"chunking_strategy":{"type":"auto"}}"#
            ),
            r#"{"files":[{"file_id":"a","attributes":{"y":2},"chunking_strategy":{"type":"auto"}},{"file_id":"b","attributes":{"x":1},"chunking_strategy":{"type":"auto"}}]}"#
        );
        let others = [
            r#"{"file_ids":["a"],"attributes":{"y":2}}"#,
            r#"{"files":3,"attributes":{"y":2}}"#,
            r#"{"files":[{"file_id":"a"},"b"],"attributes":{"y":2}}"#,
        ];
        for other in others {
            assert_eq!(shared(other), other);
        }
    }
}
