//! `vsfb sync`

use std::io::IsTerminal as _;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};

use clap::Args;

use super::selection::SelectionArgs;
use super::sending::{Rate, files_per_minute, parse_batch_size, parse_rate};
use super::target::check_id;
use super::waiting::WaitingArgs;
use crate::api::validate;
use crate::context::Context;
use crate::exit::Exit;
use crate::folder::{Inspected, Problem};
use crate::input::UsageError;
use crate::input::maps::chunking_strategy;
use crate::input::stdin::Stdin;
use crate::json::Value;
use crate::output::{Messages, Planned, PlannedAction, human, safe_line};
use crate::plan::{Pace, parts};
use crate::settings::parse_integer;
use crate::sync::{Action, Prune};
use crate::work::sync::{self, Sync, Wanted};
use crate::work::wait::Aim;

/// Bring files and folders into a store, and keep them the same
///
/// Uploads what is new or has changed, attaches it in batches, waits for their end, and prints a record of each file that
/// was touched. What it knows of the store is in the store: each file carries the attributes `path`, `sha256` and
/// `source`, so that it can be run again from any machine; what is unchanged is left alone. All files are checked before
/// anything is sent. Where it breaks off, the same command goes on.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    override_usage = "vsfb sync [OPTIONS] --vector-store-id <ID> <PATH>...
       vsfb sync [OPTIONS] --vector-store-id <ID> --paths-from <FILE>",
    after_long_help = "Examples:
  vsfb sync --vector-store-id vs_abc123 docs
  vsfb sync --vector-store-id vs_abc123 docs --dry-run
  vsfb sync --vector-store-id vs_abc123 docs --include '*.md' --attributes team=red --prune --yes
  find docs -name '*.md' | vsfb sync --vector-store-id vs_abc123 --source md --paths-from -"
)]
pub(crate) struct SyncArgs {
    /// The vector store
    #[arg(long, value_name = "VECTOR_STORE_ID", required = true, help_heading = "Target")]
    vector_store_id: String,

    /// What they are known by in the store
    ///
    /// Only files with this name are compared, changed and taken away [default: the name of the folder]
    #[arg(long, value_name = "NAME", help_heading = "Target")]
    source: Option<String>,

    #[command(flatten)]
    selection: SelectionArgs,

    /// How all files are cut into chunks
    ///
    /// auto, static:MAX:OVERLAP in tokens, or a map [the service's default: auto]
    #[arg(long, value_name = "STRATEGY", help_heading = "Metadata", hide_short_help = true)]
    chunking_strategy: Option<String>,

    /// Uploads at once
    #[arg(long, value_name = "NUMBER", default_value = "8", value_parser = parse_jobs, help_heading = "Sending")]
    jobs: NonZeroUsize,

    /// Files in one batch, which is created as soon as they are uploaded; 2000 at most [default: 200]
    #[arg(long, value_name = "NUMBER", value_parser = parse_batch_size, help_heading = "Sending", hide_short_help = true)]
    batch_size: Option<NonZeroU64>,

    /// How many files are attached in a minute, or `off`, which also lifts the limit of 1000 uploads a minute [default:
    /// 2000]
    #[arg(long, value_name = "FILES_PER_MINUTE|off", value_parser = parse_rate, help_heading = "Sending", hide_short_help = true)]
    rate: Option<Rate>,

    /// Show what would be done; do nothing
    ///
    /// It is found out from lists alone.
    #[arg(long, help_heading = "Sending")]
    dry_run: bool,

    /// Take away what is no longer here
    ///
    /// At the end take files of this source out of the store, and delete them, that are no longer here or are older
    /// versions; only after those that take their place are completed.
    #[arg(long, help_heading = "Taking away")]
    prune: bool,

    /// Do not ask before taking files away
    #[arg(long, requires = "prune", help_heading = "Taking away")]
    yes: bool,

    /// Delete what was uploaded and cannot be attached, now or by a run that broke off; not while others upload the same
    /// files
    #[arg(long, help_heading = "Taking away", hide_short_help = true)]
    delete_orphans: bool,

    #[command(flatten)]
    waiting: WaitingArgs,
}

/// Uploads in a minute that the service takes of one user. Source: the service's limits, August 2026.
const UPLOADS_PER_MINUTE: u32 = 1000;
/// Files in a batch unless the user says otherwise: few enough that the service is at work on the first ones while the others
/// are uploaded, and far from the 300 requests in a minute that it takes for one store.
const BATCH_SIZE: u64 = 200;
/// How many files are named before they are taken away.
const MOST_NAMED: usize = 10;

pub(crate) fn run(mut args: SyncArgs, context: &mut Context) -> anyhow::Result<Exit> {
    check_id("the vector store id", &args.vector_store_id)?;
    let mut stdin = Stdin::default();
    let source = args.source_name()?;
    let chunking_strategy = args.chunking(&mut stdin)?;
    let selection = args.selection.selection(&mut stdin)?;
    let Inspected { files, problems, .. } = args.selection.inspect(&selection, &mut stdin, context.messages())?;
    let judged = args.selection.judge(&problems, context.messages());
    if !args.dry_run {
        judged.clone()?;
    }
    let is_off = args.rate == Some(Rate::Off);
    let wanted = Wanted {
        base_url: context.base_url()?,
        store: std::mem::take(&mut args.vector_store_id),
        source,
        selection,
        local: files,
        skipped: problems.iter().map(|problem| problem.path.clone()).collect(),
        chunking_strategy,
        jobs: args.jobs,
        batch_size: args.batch_size(),
        pace: args.pace(),
        uploads_per_minute: NonZeroU32::new(UPLOADS_PER_MINUTE).filter(|_| !is_off),
        deletes_orphans: args.delete_orphans,
        is_dry: args.dry_run,
    };
    let client = context.client()?;
    let hold = if args.dry_run { None } else { wanted.hold(context)? };
    let mut sync = wanted.survey(hold, &client, context)?;
    let guarded = if args.prune { sync.guard() } else { Ok(()) };
    if args.dry_run {
        context.ui.planned(&args.planned(&sync, &problems))?;
        return judged.and(guarded).map(|()| Exit::Success).map_err(Into::into);
    }
    guarded?;
    sync.prunes = args.prune
        && (sync.plan.prune.is_empty() || args.confirms(&sync.wanted.store, &sync.plan.prune, context.messages())?);
    context.messages().note(&sync.summary());
    sync::run(&mut sync, &args.waiting.wait(Aim::Files), &client, context)
}

impl SyncArgs {
    /// What the files are known by in the store.
    fn source_name(&self) -> Result<String, UsageError> {
        let name = self.source.clone().or_else(|| self.selection.folder());
        let name = name.filter(|name| !name.is_empty()).ok_or_else(|| {
            UsageError::with_hint(
                "the paths have no folder in common by whose name the store could know them",
                "--source gives one: it tells the files of this sync from others",
            )
        })?;
        let length = name.chars().count();
        if length > validate::LONGEST_TEXT {
            let most = validate::LONGEST_TEXT;
            return Err(UsageError::new(format!(
                "--source: the name has {length} characters; at most {most} are allowed"
            )));
        }
        Ok(name)
    }

    fn chunking(&self, stdin: &mut Stdin) -> Result<Option<Value>, UsageError> {
        const FLAG: &str = "--chunking-strategy";
        let Some(text) = &self.chunking_strategy else { return Ok(None) };
        let strategy = chunking_strategy(text, FLAG, stdin)?;
        let problems = validate::problems_of_chunking(&strategy, &FLAG);
        if problems.is_empty() { Ok(Some(strategy)) } else { Err(UsageError::new(problems.join("\n  "))) }
    }

    fn batch_size(&self) -> NonZeroU64 {
        self.batch_size.or(NonZeroU64::new(BATCH_SIZE)).unwrap_or(NonZeroU64::MIN)
    }

    /// How fast files are attached.
    fn pace(&self) -> Pace {
        Pace::new(files_per_minute(self.rate))
    }

    /// Asks on the terminal whether these files may be taken away.
    fn confirms(&self, store: &str, files: &[Prune], messages: Messages) -> anyhow::Result<bool> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Err(UsageError::with_hint(
                format!("--prune would take {} files away, and there is no terminal to ask on", files.len()),
                "nothing was sent; add --yes, or look at the plan with --dry-run",
            )
            .into());
        }
        let mut lines: Vec<_> = files.iter().map(|file| format!("  {}\n", safe_line(&file.path))).collect();
        lines.sort_unstable();
        let more = lines.len().saturating_sub(MOST_NAMED);
        lines.truncate(MOST_NAMED);
        lines.extend((more > 0).then(|| format!("  and {more} more\n")));
        let (list, count, store) = (lines.concat(), human::files(files.len()), safe_line(store));
        messages.verbatim(&format!("{list}take {count} out of {store} and delete them at the end? [y/N] "));
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer)? == 0 {
            messages.verbatim("\n");
        }
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// What `--dry-run` shows.
    fn planned<'a>(&self, sync: &'a Sync, problems: &'a [Problem]) -> Planned<'a> {
        let Sync { wanted, plan, .. } = sync;
        let counts = plan.counts;
        let uploads = counts.new + counts.changed;
        let parts: Vec<_> = parts(0..uploads + counts.again, self.batch_size()).collect();
        let of_uploads = wanted.uploads_per_minute.map_or(0, |most| uploads.saturating_sub(1) / u64::from(most.get()));
        let batches = parts.len() as u64;
        let of_batches = self.pace().time_for(parts.into_iter()).as_secs().div_ceil(60);
        Planned {
            vector_store_id: &wanted.store,
            source: &wanted.source,
            files: wanted.local.len() as u64,
            counts,
            invalid: problems.len() as u64,
            bytes: plan.bytes,
            batches,
            minutes: of_batches.max(of_uploads),
            actions: actions(sync, problems),
        }
    }
}

/// Each file that would be touched, and those that cannot be sent.
fn actions<'a>(sync: &'a Sync, problems: &'a [Problem]) -> Vec<PlannedAction<'a>> {
    let Sync { wanted, plan, .. } = sync;
    let local = wanted.local.iter().zip(&plan.actions).filter_map(|(file, action)| {
        let (file_id, error) = match action {
            Action::Unchanged { .. } => return None,
            Action::New => (None, None),
            Action::Changed { old } => (old.first(), None),
            Action::AttributesOnly { file_id } | Action::Again { file_id } => (Some(file_id), None),
            Action::Failed { file_id, error } => (Some(file_id), error.clone()),
            Action::Duplicate { of } => {
                (None, wanted.local.get(*of).map(|file| format!("has the content of {}", file.path)))
            }
        };
        Some(PlannedAction { path: &file.path, action: action.name(), file_id: file_id.map(String::as_str), error })
    });
    let prune = plan.prune.iter().map(|prune| PlannedAction {
        path: &prune.path,
        action: "prune",
        file_id: Some(&prune.file_id),
        error: None,
    });
    let invalid = problems.iter().map(|problem| PlannedAction {
        path: &problem.path,
        action: "invalid",
        file_id: None,
        error: Some(problem.fault.to_string()),
    });
    local.chain(prune).chain(invalid).collect()
}

fn parse_jobs(text: &str) -> Result<NonZeroUsize, String> {
    let number = parse_integer(text, 1..=64)?;
    usize::try_from(number).ok().and_then(NonZeroUsize::new).ok_or_else(|| format!("{number} is no number of uploads"))
}
