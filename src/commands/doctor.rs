//! `vsfb doctor`

use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::api::{Client, Error, Event, Failure, ListQuery, Observer};
use crate::context::Context;
use crate::exit::{Exit, unless_closed};
use crate::settings::{Finding, Verdict};

/// Check key, network and certificates, and say what to do
///
/// Looks at the settings that every request depends on: the key, the base URL, headers, the proxy that applies,
/// certificates. Then it makes one request, which lists a single vector store and changes nothing, unless what was found
/// before shows that it cannot succeed. Each finding is ok, a warning or a problem, with what to do about it. No secret is
/// shown: of a key only where it comes from and how long it is. It ends with 0 where there are at most warnings.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb doctor [OPTIONS]",
    after_long_help = "Examples:
  vsfb doctor
  vsfb doctor --request-timeout 30 --format jsonl
  vsfb doctor --transform status -r"
)]
pub(crate) struct DoctorArgs {}

/// For the one request, unless the user has another limit.
const LIMIT: Duration = Duration::from_secs(10);
/// The check that makes a request.
const SERVICE: &str = "service";

pub(crate) fn run(_args: &DoctorArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let mut findings = context.findings();
    let service = if findings.iter().any(|finding| finding.status == Verdict::Problem) {
        Finding::skipped(SERVICE, "not tried, since it cannot succeed")
    } else {
        ask(context)?
    };
    findings.push(service);
    let items = findings.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    unless_closed(context.ui.checked().all(&items))?;
    Ok(exit(&findings))
}

/// How a command would end: a setting that cannot be right is found before a missing key, and that before a failure.
fn exit(findings: &[Finding]) -> Exit {
    let is_there = |exit: &Exit| findings.iter().any(|finding| finding.exit == *exit);
    [Exit::Usage, Exit::Credentials, Exit::Failure].into_iter().find(is_there).unwrap_or(Exit::Success)
}

/// Makes the one request.
fn ask(context: &Context) -> anyhow::Result<Finding> {
    let messages = context.messages();
    let (sender, request_id) = mpsc::channel();
    let tell = move |event: &Event<'_>| {
        if let Event::Answered { headers, .. } = event
            && let Some((_, id)) = headers.iter().find(|(name, _)| name == "x-request-id")
        {
            // Whoever listened has what it wanted.
            let _ = sender.send(id.clone());
        }
        if messages.debug {
            messages.event(event);
        }
    };
    let observer = Observer { traces: true, tell: Box::new(tell) };
    let client = Client::new(context.trial(LIMIT)?, observer)?;
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let started = Instant::now();
    let reply = client.list_stores(&query);
    let elapsed = started.elapsed().as_secs_f64();
    let answer = reply.and_then(|reply| reply.page().map(drop).map_err(|error| client.hiding(error)));
    let request_id = request_id.try_recv().map(|id| format!(", x-request-id: {id}")).unwrap_or_default();
    let facts = format!("(after {elapsed:.3} s{request_id})");
    Ok(match answer {
        Ok(()) => Finding::ok(SERVICE, format!("it answers {facts}")),
        Err(error) => {
            Finding::problem(SERVICE, exit_of(&error), (format!("{} {facts}", told(&error)), Some(advice(&error))))
        }
    })
}

/// The failure in one line. What the service says of a refused key is left out: it may repeat a part of it.
fn told(error: &Error) -> String {
    let Some(failure) = error.failure() else { return error.to_string() };
    let status = format!("it answers {} {}", failure.status, failure.reason);
    let reason = if failure.status == 401 { failure.detail("code") } else { failure.detail("message") };
    reason.map_or_else(|| status.clone(), |reason| format!("{status}: {reason}"))
}

fn advice(error: &Error) -> String {
    match error.failure().map(|failure| failure.status) {
        Some(404 | 405) => {
            "check the base URL: `/vector_stores` follows it, so it mostly ends with /v1; not every compatible server has vector stores".to_owned()
        }
        Some(500..=599) => "the service has trouble, or a proxy before it: try again later".to_owned(),
        _ => error.hint().unwrap_or_else(|| "check the base URL, and what the service says in full with --debug".to_owned()),
    }
}

fn exit_of(error: &Error) -> Exit {
    let is_about_credentials = error.failure().is_some_and(Failure::is_about_credentials);
    if is_about_credentials { Exit::Credentials } else { Exit::Failure }
}

#[cfg(test)]
mod tests {
    use super::{Exit, Finding, exit};

    #[test]
    fn it_ends_as_other_commands_would() {
        let problem = |exit| Finding::problem("x", exit, (String::new(), None));
        let ok = Finding::warning("x", "", "");
        assert_eq!(exit(std::slice::from_ref(&ok)), Exit::Success);
        assert_eq!(exit(&[problem(Exit::Failure), ok]), Exit::Failure);
        assert_eq!(exit(&[problem(Exit::Credentials), problem(Exit::Failure)]), Exit::Credentials);
        assert_eq!(exit(&[problem(Exit::Credentials), problem(Exit::Usage)]), Exit::Usage);
    }
}
