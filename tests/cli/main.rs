//! The program as its users meet it: real processes, real sockets, real files.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "what is run needs a PATH")]
#![expect(unreachable_pub, reason = "the support is shared with the benchmarks")]

mod answers;
mod arguments;
#[cfg(unix)]
mod attended;
mod bodies;
mod conformance;
mod connection;
mod create;
mod debug;
mod doctor;
mod doctor_proxies;
mod documented;
mod dry_run;
#[cfg(unix)]
mod emulator_command;
#[cfg(unix)]
mod emulator_guest;
#[cfg(unix)]
mod emulator_sockets;
mod errors;
mod exit_status;
#[cfg(unix)]
mod explore;
#[cfg(unix)]
mod explore_ends;
mod failures;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod faulty_answers;
mod first_steps;
mod generated;
mod help;
mod journal;
mod journal_ids;
#[cfg(unix)]
mod killed;
mod layering;
mod list_files;
mod live;
#[cfg(unix)]
mod manifests;
#[cfg(unix)]
mod many;
#[cfg(unix)]
mod many_interrupted;
mod output;
mod pager;
mod pretty;
mod recipes;
mod requests;
#[cfg(unix)]
mod resumed;
mod retries;
#[cfg(unix)]
mod retry;
mod samples;
#[cfg(unix)]
mod shell;
mod stdin;
mod suggestions;
mod support;
#[cfg(unix)]
mod sync;
#[cfg(unix)]
mod sync_faults;
#[cfg(unix)]
mod sync_files;
#[cfg(unix)]
mod sync_hostile;
#[cfg(unix)]
mod sync_killed;
#[cfg(unix)]
mod sync_orphans;
#[cfg(unix)]
mod sync_output;
#[cfg(unix)]
mod sync_prune;
#[cfg(unix)]
mod sync_waits;
#[cfg(unix)]
mod table;
#[cfg(unix)]
mod terminal;
mod transform;
mod values;
#[cfg(unix)]
mod wait;
#[cfg(unix)]
mod wait_faults;
#[cfg(unix)]
mod wait_interrupted;
#[cfg(unix)]
mod wait_journal;
mod whole_life;
