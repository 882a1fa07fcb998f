//! The global flags and the environment, resolved: flags over variables over defaults.

mod findings;
mod proxies;

pub(crate) use findings::{Finding, Verdict};

use std::ffi::OsString;
use std::fmt;
use std::io::{IsTerminal as _, stderr, stdout};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, Args};

use crate::api::validate::advice;
use crate::api::{ApiKey, BaseUrl, ClientCertificate, Connection, DEFAULT_BASE_URL, Identity};
use crate::environment::{Environment, is_dumb, shows_unicode, wants_colour};
use crate::exit::{ErrorView, MissingKey};
use crate::input::UsageError;
use crate::output::{Format, Messages, Pager, Style, Transform, View, has_keyboard};

/// Repetitions after the first attempt, unless `--max-retries` says otherwise.
const MAX_RETRIES: u32 = 2;
/// For one attempt, unless `--request-timeout` says otherwise.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(600);

/// What `--help` says of itself.
const LONG_HELP: &str = "All of this; with -h a summary";

/// Flags that every command takes, before and after its name.
#[expect(clippy::struct_excessive_bools, reason = "they are switches that are typed")]
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct GlobalArgs {
    /// How data is written: json, table, …
    ///
    /// In any case of letters; `auto` is a table on a terminal, JSON otherwise and with --transform
    #[arg(long, short = 'o', global = true, value_name = "FORMAT", value_parser = format_parser(), ignore_case = true)]
    pub(crate) format: Option<Format>,

    /// How the service's error is written on stderr [default: auto, which is JSON]
    #[arg(long, global = true, value_name = "FORMAT", value_parser = format_parser(), ignore_case = true, hide_possible_values = true)]
    pub(crate) format_error: Option<Format>,

    /// Only what this GJSON path selects
    ///
    /// Such as `id` or `file_counts.failed`; in a list, of each item.
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) transform: Option<String>,

    /// The same for the service's error
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) transform_error: Option<String>,

    /// Print strings without quotes
    #[arg(long, short = 'r', global = true)]
    pub(crate) raw_output: bool,

    /// Show lists that outgrow the terminal without a pager
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,

    /// When to colour [default: auto, which is on a terminal]
    #[arg(long, global = true, value_name = "WHEN", value_parser = ["auto", "always", "never"], ignore_case = true)]
    pub(crate) color: Option<String>,

    /// No notes and no warnings; errors stay
    #[arg(long, short = 'q', global = true)]
    pub(crate) quiet: bool,

    /// Show each request and answer on stderr, secrets hidden
    #[arg(long, global = true)]
    pub(crate) debug: bool,

    /// Where the service is [default: `https://api.openai.com/v1`]
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) base_url: Option<String>,

    /// The API key; `OPENAI_API_KEY` keeps it out of the process list
    #[arg(long, global = true, value_name = "KEY", help_heading = "Connection")]
    pub(crate) api_key: Option<String>,

    /// The organization that is charged
    #[arg(long, global = true, value_name = "ORGANIZATION_ID", help_heading = "Connection")]
    pub(crate) organization: Option<String>,

    /// The project that owns the vector store
    #[arg(long, global = true, value_name = "PROJECT_ID", help_heading = "Connection")]
    pub(crate) project: Option<String>,

    /// How often a request is repeated after a passing failure [default: 2]
    #[arg(long, global = true, value_name = "NUMBER", value_parser = parse_retries, help_heading = "Connection")]
    pub(crate) max_retries: Option<u32>,

    /// How long one attempt may take, such as `30`, `500ms` or `1h30m`; a bare number is seconds [default: 10m]
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse_duration, help_heading = "Connection")]
    pub(crate) request_timeout: Option<Duration>,

    /// PEM file of the client certificate for mutual TLS
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub(crate) mtls_client_cert_file: Option<PathBuf>,

    /// PEM file of the client certificate's key
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub(crate) mtls_client_key_file: Option<PathBuf>,

    /// Accepted for scripts of the official program, unused
    #[arg(long, global = true, hide = true)]
    pub(crate) admin_api_key: Option<String>,

    /// Accepted for scripts of the official program, unused
    #[arg(long, global = true, hide = true)]
    pub(crate) webhook_secret: Option<String>,

    /// A summary; --help is all
    #[arg(long, short = 'h', global = true, action = ArgAction::Help, help_heading = "Help", long_help = LONG_HELP)]
    pub(crate) help: Option<bool>,

    /// Print the version
    #[arg(long, short = 'v', short_alias = 'V', global = true, action = ArgAction::Version, help_heading = "Help")]
    pub(crate) version: Option<bool>,
}

/// What was typed, without the secrets among it.
impl fmt::Debug for GlobalArgs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GlobalArgs").field("format", &self.format).finish_non_exhaustive()
    }
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::names())
        .try_map(|name| Format::named(&name).ok_or_else(|| format!("unknown format {name}")))
}

/// Reads a decimal integer: digits, and a minus where the bounds have negative numbers.
///
/// # Errors
/// When it is none, or out of bounds.
pub(crate) fn parse_integer(text: &str, bounds: RangeInclusive<i64>) -> Result<i64, String> {
    let is_plain = !text.starts_with('+');
    let number = text.parse().ok().filter(|number| is_plain && bounds.contains(number));
    number.ok_or_else(|| match (*bounds.start(), *bounds.end()) {
        (i64::MIN, i64::MAX) => "a whole number is expected".to_owned(),
        (least, most) => format!("a whole number from {least} to {most} is expected"),
    })
}

fn parse_retries(text: &str) -> Result<u32, String> {
    parse_integer(text, 0..=100).map(|number| u32::try_from(number).unwrap_or_default())
}

/// Reads a duration: a bare number is seconds, else numbers with units.
///
/// # Errors
/// When it is no duration, or not positive.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    read_duration(text)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "a duration is a positive number of seconds or looks like 30s, 500ms, 5m or 1h30m".to_owned())
}

/// The same where there may be no time at all.
///
/// # Errors
/// When it is no duration.
pub(crate) fn parse_duration_or_zero(text: &str) -> Result<Duration, String> {
    read_duration(text).ok_or_else(|| "a duration is a number of seconds or looks like 0, 500ms, 30s or 5m".to_owned())
}

fn read_duration(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.chars().all(|character| character.is_ascii_digit() || character == '.');
    if is_number {
        text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    } else {
        text.parse::<jiff::SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok())
    }
}

/// The program's settings. What only requests need is resolved when it is needed, so that a bad variable breaks no help.
pub(crate) struct Settings {
    arguments: GlobalArgs,
    environment: Environment,
}

impl Settings {
    pub(crate) const fn new(arguments: GlobalArgs, environment: Environment) -> Self {
        Self { arguments, environment }
    }

    /// A variable of the environment with whatever bytes it has; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        self.environment.raw(name)
    }

    /// How stderr is used. Cannot fail: errors are reported with it.
    pub(crate) fn messages(&self) -> Messages {
        let style = self.style(stderr().is_terminal());
        Messages { style, quiet: self.arguments.quiet, debug: self.arguments.debug }
    }

    /// How stdout is written to.
    pub(crate) fn output_style(&self) -> Style {
        self.style(stdout().is_terminal())
    }

    fn style(&self, terminal: bool) -> Style {
        let width = || terminal_size::terminal_size().map(|(width, _)| width.0).filter(|width| *width > 0);
        let colour = wants_colour(self.arguments.color.as_deref(), &self.environment).unwrap_or(terminal);
        let unicode = shows_unicode(&self.environment);
        let attended = terminal && !is_dumb(&self.environment) && self.environment.raw("CI").is_none();
        Style { terminal, colour, attended, unicode, width: if terminal { Some(width().unwrap_or(80)) } else { None } }
    }

    /// How answers are shown.
    ///
    /// # Errors
    /// When the format or the path is none.
    pub(crate) fn view(&self) -> Result<View, UsageError> {
        let transform = parse_transform(self.arguments.transform.as_deref(), "--transform")?;
        let format = match self.arguments.format {
            Some(format) => format,
            None => match self.environment.get("VSFB_FORMAT")? {
                // A default for whole answers must not stand in the way of a part of one.
                Some(name) => match named_format(&name)? {
                    Format::Table | Format::Csv if transform.is_some() => Format::Json,
                    format => format,
                },
                None => Format::Auto,
            },
        };
        if transform.is_some() && matches!(format, Format::Table | Format::Csv) {
            return Err(UsageError::new(
                "--transform selects a part of the answer, of which --format table and csv have no rows; use json, jsonl, yaml or raw",
            ));
        }
        Ok(View { format, transform, raw_output: self.arguments.raw_output })
    }

    /// The pager for lists on a stdout like this, where somebody may sit who can leave it.
    pub(crate) fn pager(&self, style: Style) -> Option<Pager> {
        if self.arguments.no_pager || !style.attended || !has_keyboard() {
            return None;
        }
        let (columns, rows) = terminal_size::terminal_size().map(|(columns, rows)| (columns.0, rows.0))?;
        let named = |name: &'static str| self.environment.text(name).map(|line| (line, name));
        let chosen = ["VSFB_PAGER", "PAGER"].into_iter().find_map(named);
        (rows > 0).then_some(Pager { chosen, instructs_less: self.environment.raw("LESS").is_none(), columns, rows })
    }

    /// How the service's errors are shown.
    ///
    /// # Errors
    /// When the path is none.
    pub(crate) fn error_view(&self) -> Result<ErrorView, UsageError> {
        let transform = parse_transform(self.arguments.transform_error.as_deref(), "--transform-error")?;
        Ok(ErrorView { format: self.arguments.format_error.unwrap_or_default(), transform })
    }

    /// How to reach the service, with a key where the service needs one.
    pub(crate) fn connection(&self) -> anyhow::Result<Connection> {
        let connection = self.connection_without_key()?;
        if !connection.identity.has_credentials() && connection.base_url.is_default() {
            return Err(MissingKey.into());
        }
        Ok(connection)
    }

    /// How to reach the service once, within this time unless the user has another limit.
    pub(crate) fn trial(&self, limit: Duration) -> anyhow::Result<Connection> {
        let request_timeout = self.arguments.request_timeout.unwrap_or(limit);
        Ok(Connection { max_retries: 0, request_timeout, ..self.connection()? })
    }

    /// How to reach the service, whether or not there is a key.
    ///
    /// # Errors
    /// [`UsageError`] when a flag or variable cannot be right.
    pub(crate) fn connection_without_key(&self) -> anyhow::Result<Connection> {
        let arguments = &self.arguments;
        let (base_url, _) = self.base_url()?;
        let key = self.choose(("--api-key", arguments.api_key.as_ref()), "OPENAI_API_KEY")?;
        let api_key = key.map(|(key, _)| ApiKey::parse(&key)).transpose().map_err(usage)?;
        let identity = Identity { api_key, ..self.identity_without_key()? };
        identity.headers().map_err(usage)?;
        let client_certificate = self.client_certificate_for(&base_url)?;
        let uses_proxies = !base_url.is_loopback() && !self.refuses_proxies();
        if uses_proxies {
            self.check_proxies(base_url.is_https())?;
        }
        Ok(Connection {
            base_url,
            identity,
            client_certificate,
            uses_proxies,
            max_retries: arguments.max_retries.unwrap_or(MAX_RETRIES),
            request_timeout: arguments.request_timeout.unwrap_or(REQUEST_TIMEOUT),
        })
    }

    /// Where the service is, and what says so.
    ///
    /// # Errors
    /// When the flag or the variable is no URL.
    pub(crate) fn base_url(&self) -> Result<(BaseUrl, &'static str), UsageError> {
        let (text, source) = match &self.arguments.base_url {
            Some(text) => (text.clone(), "--base-url"),
            None => match self.environment.get("OPENAI_BASE_URL")? {
                Some(text) => (text, "OPENAI_BASE_URL"),
                None => (DEFAULT_BASE_URL.to_owned(), "the default"),
            },
        };
        Ok((BaseUrl::parse(&text, source).map_err(usage)?, source))
    }

    /// The flag's value, else the variable's, and the name of the one that has it. A blank variable counts as unset.
    ///
    /// # Errors
    /// When the flag is blank.
    fn choose<'a>(
        &self,
        flag: (&'a str, Option<&String>),
        variable: &'a str,
    ) -> Result<Option<(String, &'a str)>, UsageError> {
        match flag {
            (name, Some(value)) if value.trim().is_empty() => Err(UsageError::new(format!("{name} is blank"))),
            (name, Some(value)) => Ok(Some((value.clone(), name))),
            (_, None) => {
                let value = self.environment.get(variable)?.filter(|value| !value.trim().is_empty());
                Ok(value.map(|value| (value, variable)))
            }
        }
    }

    /// A value that becomes a header as it is.
    fn header_text(&self, flag: (&str, Option<&String>), variable: &str) -> Result<Option<String>, UsageError> {
        match self.choose(flag, variable)? {
            Some((text, source)) if text.chars().any(char::is_control) => {
                Err(UsageError::new(format!("{source} holds control characters")))
            }
            chosen => Ok(chosen.map(|(text, _)| text)),
        }
    }

    /// The client certificate, where the service can be shown one.
    fn client_certificate_for(&self, base_url: &BaseUrl) -> Result<Option<ClientCertificate>, UsageError> {
        let certificate = self.client_certificate()?;
        if certificate.is_some() && !base_url.is_https() {
            return Err(UsageError::new("a client certificate needs a base URL that begins with https://"));
        }
        Ok(certificate)
    }

    fn client_certificate(&self) -> Result<Option<ClientCertificate>, UsageError> {
        let path = |flag: &Option<PathBuf>, variable: &str| match flag {
            Some(path) => Ok(Some(path.clone())),
            None => self.environment.get(variable).map(|path| path.map(PathBuf::from)),
        };
        let certificate = path(&self.arguments.mtls_client_cert_file, "OPENAI_MTLS_CLIENT_CERT_FILE")?;
        let key = path(&self.arguments.mtls_client_key_file, "OPENAI_MTLS_CLIENT_KEY_FILE")?;
        match (certificate, key) {
            (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
            (None, None) => Ok(None),
            _ => Err(UsageError::new(
                "--mtls-client-cert-file and --mtls-client-key-file go together; only one of them is given",
            )),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn usage(error: anyhow::Error) -> UsageError {
    UsageError::new(format!("{error:#}"))
}

fn parse_transform(path: Option<&str>, flag: &str) -> Result<Option<Transform>, UsageError> {
    let parse = |path| Transform::parse(path).map_err(|error| UsageError::new(format!("{flag}: {error}")));
    path.map(parse).transpose()
}

fn named_format(name: &str) -> Result<Format, UsageError> {
    Format::named(name)
        .ok_or_else(|| UsageError::new(format!("VSFB_FORMAT is `{name}`; {}", advice(name, &Format::names()))))
}

/// `Name: value` lines; empty lines are skipped.
fn custom_headers(text: &str) -> Result<Vec<(String, String)>, UsageError> {
    let parse = |(index, line): (usize, &str)| match line.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err(UsageError::new(format!("line {} of OPENAI_CUSTOM_HEADERS is not `Name: value`", index + 1))),
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{GlobalArgs, Settings, custom_headers, parse_duration, parse_duration_or_zero, parse_integer};
    use crate::environment::Environment;
    use crate::exit::MissingKey;
    use crate::output::Format;

    fn settings(arguments: GlobalArgs, variables: &[(&str, &str)]) -> Settings {
        Settings::new(arguments, Environment::holding(variables))
    }

    #[test]
    fn durations_are_seconds_or_have_units() {
        let cases = [
            ("30", 30_000),
            ("30s", 30_000),
            ("500ms", 500),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("1h 30m", 5_400_000),
            ("0.5", 500),
        ];
        for (text, milliseconds) in cases {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "0", "0s", "-5s", "five", "1e3", "inf", "5x", "1..2"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        for (text, milliseconds) in [("0", 0), ("0ms", 0), ("200ms", 200), ("1.5", 1500)] {
            assert_eq!(parse_duration_or_zero(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "-5s", "five", "-0.1"] {
            assert!(parse_duration_or_zero(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_are_decimal_and_bounded() {
        assert_eq!(parse_integer("010", 1..=100), Ok(10));
        assert_eq!(parse_integer("-1", i64::MIN..=i64::MAX), Ok(-1));
        for text in ["", "0", "101", "+5", "1.0", "1e1", "0x10", " 5", "five", "99999999999999999999"] {
            assert_eq!(parse_integer(text, 1..=100), Err("a whole number from 1 to 100 is expected".to_owned()));
        }
    }

    #[test]
    fn flags_win_over_variables_and_empty_variables_are_unset() {
        let arguments = GlobalArgs { base_url: Some("http://flag/v1".to_owned()), ..GlobalArgs::default() };
        let variables = [("OPENAI_BASE_URL", "not a url"), ("OPENAI_API_KEY", ""), ("OPENAI_ORG_ID", "org")];
        let connection = settings(arguments, &variables).connection().unwrap();
        assert_eq!(connection.base_url.to_string(), "http://flag/v1");
        assert_eq!(connection.identity.api_key, None);
        assert_eq!(connection.identity.organization.as_deref(), Some("org"));
        assert_eq!((connection.max_retries, connection.request_timeout), (2, Duration::from_secs(600)));
    }

    #[test]
    fn what_is_blank_is_unset_in_a_variable_and_refused_in_a_flag() {
        let blank = [("OPENAI_API_KEY", " \n"), ("OPENAI_ORG_ID", " "), ("OPENAI_BASE_URL", "http://h")];
        let identity = settings(GlobalArgs::default(), &blank).connection().unwrap().identity;
        assert_eq!((identity.api_key, identity.organization), (None, None));
        let arguments = GlobalArgs { api_key: Some(" ".to_owned()), ..GlobalArgs::default() };
        let error = settings(arguments, &blank).connection().unwrap_err();
        assert_eq!(error.to_string(), "--api-key is blank");
    }

    #[test]
    fn only_the_default_service_insists_on_a_key() {
        let error = settings(GlobalArgs::default(), &[("OPENAI_BASE_URL", "")]).connection().unwrap_err();
        assert!(error.is::<MissingKey>());
        let own = [("OPENAI_CUSTOM_HEADERS", "authorization: Bearer own")];
        assert!(settings(GlobalArgs::default(), &own).connection().is_ok());
        let local = [("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")];
        assert!(settings(GlobalArgs::default(), &local).connection().is_ok());
    }

    #[test]
    fn a_trial_is_one_attempt_within_a_limit() {
        let limit = Duration::from_secs(10);
        let variables = [("OPENAI_API_KEY", "k")];
        let trial = settings(GlobalArgs::default(), &variables).trial(limit).unwrap();
        assert_eq!((trial.max_retries, trial.request_timeout), (0, limit));
        let longer = Some(Duration::from_secs(30));
        let arguments = GlobalArgs { request_timeout: longer, max_retries: Some(5), ..GlobalArgs::default() };
        let trial = settings(arguments, &variables).trial(limit).unwrap();
        assert_eq!((trial.max_retries, Some(trial.request_timeout)), (0, longer));
    }

    #[test]
    fn a_client_certificate_has_two_files_and_needs_https() {
        let one = [("OPENAI_MTLS_CLIENT_CERT_FILE", "c.pem"), ("OPENAI_API_KEY", "k")];
        let error = settings(GlobalArgs::default(), &one).connection().unwrap_err();
        assert!(error.to_string().contains("go together"), "{error}");
        let plain = [
            ("OPENAI_MTLS_CLIENT_CERT_FILE", "c.pem"),
            ("OPENAI_MTLS_CLIENT_KEY_FILE", "k.pem"),
            ("OPENAI_BASE_URL", "http://h"),
        ];
        let error = settings(GlobalArgs::default(), &plain).connection().unwrap_err();
        assert!(error.to_string().contains("https://"), "{error}");
    }

    #[test]
    fn a_proxy_that_is_none_is_refused_where_it_would_be_used() {
        let refused = |url: &str| {
            let variables = [("OPENAI_BASE_URL", url), ("HTTPS_PROXY", "s3cret garbage"), ("OPENAI_API_KEY", "k")];
            settings(GlobalArgs::default(), &variables).connection().err().map(|error| error.to_string())
        };
        let message = "HTTPS_PROXY is not the URL of a proxy, such as http://proxy:8080";
        assert_eq!(refused("https://api.example/v1").as_deref(), Some(message));
        assert_eq!(refused("http://api.example/v1"), None);
        assert_eq!(refused("https://localhost/v1"), None);
    }

    #[test]
    fn the_default_format_gives_way_to_a_transform() {
        let table = [("VSFB_FORMAT", "Table")];
        assert_eq!(settings(GlobalArgs::default(), &table).view().unwrap().format, Format::Table);
        let transform = GlobalArgs { transform: Some("id".to_owned()), ..GlobalArgs::default() };
        assert_eq!(settings(transform.clone(), &table).view().unwrap().format, Format::Json);
        let both = GlobalArgs { format: Some(Format::Table), ..transform };
        assert!(settings(both, &[]).view().unwrap_err().message.contains("have no rows"));
        assert!(settings(GlobalArgs::default(), &[("VSFB_FORMAT", "xml")]).view().is_err());
    }

    #[test]
    fn custom_headers_are_lines() {
        let headers = custom_headers("api-key: s3cret\n\nX-A:  b:c \r\n").unwrap();
        let expected = [("api-key", "s3cret"), ("X-A", "b:c")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, expected);
        assert_eq!(
            custom_headers("a: b\ns3cret").unwrap_err().message,
            "line 2 of OPENAI_CUSTOM_HEADERS is not `Name: value`"
        );
    }
}
