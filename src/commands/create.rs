//! `vsfb create`

use std::num::NonZeroU64;

use clap::Args;

use super::dry_run::DryRun;
use super::file_flags::FileFlags;
use super::manifest::ManifestArgs;
use super::sending::SendingArgs;
use super::target::{check_id, fill_from_positionals, missing};
use super::waiting::WaitFlags;
use crate::api::validate;
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::input::body::Body;
use crate::input::embed::sent_as_text;
use crate::input::files::{checked_id, entries, not_an_id};
use crate::input::manifest::Manifest;
use crate::input::maps::{attributes, chunking_strategy, set};
use crate::input::stdin::{self, Look, Stdin};
use crate::json::Value;
use crate::output::Messages;
use crate::plan::Plan;
use crate::work::deliver::{self, Delivery};
use crate::work::one::{self, Outcome};
use crate::work::run::{Files, Run, share_with_files};
use crate::work::submit::{FailedSince, Means, too_many};
use crate::work::wait::{Aim, Wait};

/// Attach files to a vector store as file batches
///
/// Files have been uploaded before and are named by their ids. Either all of them share attributes and chunking
/// (--file-id), or each may have its own (--file, or the --file.* flags); then --attributes and --chunking-strategy are
/// for the files that have none. Many files are taken from a manifest (--files-from). What one batch does not take goes
/// into several, each printed as it is created; where that breaks off, the same command with --resume goes on. The
/// service's limits are checked before anything is sent. With --wait it prints the batches as they have ended, and why
/// files failed.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb create [OPTIONS] <VECTOR_STORE_ID> --file-id <FILE_ID>...
       vsfb create [OPTIONS] <VECTOR_STORE_ID> --file <MAP>...
       vsfb create [OPTIONS] <VECTOR_STORE_ID> --files-from <PATH>
       vsfb create [OPTIONS] <VECTOR_STORE_ID> --body <FILE>",
    after_long_help = EXAMPLES
)]
pub(crate) struct CreateArgs {
    /// The vector store (required)
    ///
    /// The first argument or `vector_store_id` on stdin do as well.
    #[arg(long, value_name = "VECTOR_STORE_ID", help_heading = "Target")]
    vector_store_id: Option<String>,

    /// Value for --vector-store-id, where the flag is not given
    #[arg(value_name = "VECTOR_STORE_ID", help_heading = "Target", hide_short_help = true)]
    ids: Vec<String>,

    /// A file's id; repeat it for each file
    #[arg(long, value_name = "FILE_ID", help_heading = "Files")]
    file_id: Vec<String>,

    #[command(flatten)]
    files: FileFlags,

    #[command(flatten)]
    manifest: ManifestArgs,

    /// Attributes of all files; repeatable
    ///
    /// A map or key=value; repeat it to add more, where a later key wins.
    #[arg(long, value_name = "MAP|KEY=VALUE", help_heading = "Metadata")]
    attributes: Vec<String>,

    /// How all files are cut into chunks
    ///
    /// auto, static:MAX:OVERLAP in tokens, or a map [the service's default: auto]
    #[arg(long, value_name = "STRATEGY", help_heading = "Metadata")]
    chunking_strategy: Option<String>,

    /// The request as a map; `-` is stdin
    ///
    /// YAML or JSON in this file; flags win.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    body: Option<String>,

    /// Send the request as it stands, though the service is known to refuse it; of a manifest, whatever has an id
    #[arg(long, help_heading = "Input", hide_short_help = true)]
    no_validate: bool,

    /// Show the request and send nothing
    ///
    /// Print the body that would be sent, and the rest of the request on stderr; needs no key. Of several batches, print
    /// how many they are and how long they take.
    #[arg(long, help_heading = "Sending")]
    dry_run: bool,

    #[command(flatten)]
    sending: SendingArgs,

    #[command(flatten)]
    waiting: WaitFlags,
}

const EXAMPLES: &str = "\
Examples:
  vsfb create vs_abc123 --file-id file-abc123 --file-id file-def456
  vsfb create vs_abc123 --file-id file-abc123 --attributes team=red --attributes year=2024
  vsfb create vs_abc123 --file '{file_id: file-abc123, attributes: {page: 7}}'
  vsfb create vs_abc123 --file-id file-abc123 --chunking-strategy static:800:400
  vsfb create vs_abc123 --file.file-id file-abc123 --file.attributes page=7
  vsfb create vs_abc123 --file-id file-abc123 --wait --timeout 10m
  vsfb create vs_abc123 --files-from ids.txt || vsfb create vs_abc123 --files-from ids.txt --resume
  echo '{\"file_ids\": [\"file-abc123\"]}' | vsfb create vs_abc123";

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
        self.vector_store_id.is_none()
            || (self.file_id.is_empty() && self.files.0.is_empty() && self.manifest.path().is_none())
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

    /// What is to be created, and whether stdin may still bring a body that would go unused.
    fn into_run(self, context: &Context) -> Result<(Run, Files, bool), UsageError> {
        let messages = context.messages();
        let mut stdin = Stdin::default();
        let manifest = self.manifest.open(&mut stdin)?;
        let manifest = if self.no_validate { manifest.map(Manifest::unvalidated) } else { manifest };
        let typed = self.typed(&mut stdin)?;
        let (body, may_come_late) = self.given_body(&mut stdin, messages)?;
        let path = self.manifest.path().unwrap_or_default().to_owned();
        let (store, body) = self.into_request(typed, body, messages)?;
        let base_url = context.base_url()?;
        let (run, files) = match manifest {
            Some(manifest) => Run::of_manifest(base_url, store, body, (manifest, &path))?,
            None => Run::listed(base_url, store, body),
        };
        Ok((run, files, may_come_late))
    }

    /// Puts the store and the request together, without the files of a manifest; says what is odd but allowed.
    fn into_request(
        self,
        typed: Vec<(String, Value)>,
        mut body: Body,
        messages: Messages,
    ) -> Result<(String, Value), UsageError> {
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
        let list = ["file_ids", "files"].into_iter().find(|key| body.get(key).is_some());
        let has_manifest = self.manifest.path().is_some();
        if let Some(list) = list.filter(|_| has_manifest) {
            return Err(UsageError::with_hint(
                format!("files are given both with --files-from and as `{list}`"),
                "give all of them in one of these ways",
            ));
        }
        let Some(store) = store else {
            let lacks_files = list.is_none() && !has_manifest;
            return Err(missing(&[("--vector-store-id", true), ("--file-id", lacks_files)]));
        };
        check_id("the vector store id", &store)?;
        if !self.no_validate {
            let check = if has_manifest { validate::problems_beside_files } else { validate::problems };
            problems.extend(check(&body, &typed_keys));
            refuse(&problems, hint)?;
        }
        Ok((store, share_with_files(body)))
    }
}

/// How many remarks of one kind are made.
const MOST_SAID: usize = 5;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

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
    let waiting = args.waiting.given()?;
    args.take_positionals()?;
    let (dry_run, sending) = (args.dry_run, args.sending.clone());
    // A list that is sent as it stands is sent whole.
    let is_whole = args.no_validate && args.manifest.path().is_none() && !sending.has_batch_size();
    let batch_size = if is_whole { NonZeroU64::MAX } else { sending.batch_size() };
    let (run, mut files, may_come_late) = args.into_run(context)?;
    tell_repetitions(&run.plan, context.messages());
    let is_one = !sending.resume && run.plan.files <= batch_size.get();
    if dry_run {
        return DryRun { run: &run, batch_size, sending: &sending }.show(&mut files, context);
    }
    let client = context.client()?;
    let wait = waiting.map(|waiting| Wait { manifest: files.manifest(), ..waiting.wait(Aim::Completion) });
    let means = Means { batch_size, pace: sending.pace(), failed: FailedSince::new() };
    let mut delivery = Delivery { run: &run, means, resumes: sending.resume, wait, retried: &[] };
    let one = if is_one { Some(one::create(&delivery, &mut files, (&client, context))?) } else { None };
    let result = match one {
        Some(Outcome::Done(result)) => result,
        Some(Outcome::TooMany(_, error)) if is_whole => Err(error),
        Some(Outcome::TooMany(limit, _)) => {
            context.messages().note(&too_many(limit));
            delivery.means.batch_size = limit;
            deliver::run(delivery, files, &client, context)
        }
        None => deliver::run(delivery, files, &client, context),
    };
    if may_come_late && stdin::has_arrived() {
        context.messages().warning("input on stdin was not used; give it with --body -");
    }
    result
}

/// Names the files that are there more than once.
fn tell_repetitions(Plan { repeats, repeated, .. }: &Plan, messages: Messages) {
    let mut more = *repeats;
    for (id, count) in repeated {
        messages.warning(&format!("the file id `{id}` is given {count} times"));
        more -= count - 1;
    }
    if more > 0 {
        messages.warning(&format!("{more} more files have an id that was given before"));
    }
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
