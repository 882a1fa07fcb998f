//! The variables of the environment. Nothing else reads them.

use std::ffi::OsString;

use crate::input::UsageError;

/// The variables that count, for help and manual.
pub(crate) const ENVIRONMENT: [(&str, &str); 19] = [
    ("OPENAI_API_KEY", "the API key; white space around it is dropped"),
    ("OPENAI_BASE_URL", "where the service is, such as http://localhost:8000/v1"),
    ("OPENAI_ORG_ID", "the organization that is charged"),
    ("OPENAI_PROJECT_ID", "the project that owns the vector store"),
    ("OPENAI_CUSTOM_HEADERS", "more headers, one `Name: value` a line"),
    ("OPENAI_MTLS_CLIENT_CERT_FILE", "PEM file of the client certificate"),
    ("OPENAI_MTLS_CLIENT_KEY_FILE", "PEM file of its key"),
    ("VSFB_FORMAT", "the default of --format"),
    ("VSFB_JOURNAL", "the file of the journal, or `off`"),
    ("VSFB_PAGER, PAGER", "shows lists that outgrow the terminal; else `less -FRX` does"),
    ("LESS", "options of `less`; where it is unset a pager is given FRX"),
    ("CI", "no pager and no explorer where it is set"),
    ("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY", "proxies, also socks5://; never used for this machine itself"),
    ("NO_PROXY", "hosts that are reached without a proxy"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "certificate authorities to trust in place of the system's"),
    ("NO_COLOR", "no colours, unless --color says so"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "colours also where there is no terminal; 0 is off"),
    ("TERM", "`dumb` is no colours, ASCII only, no pager and no explorer"),
    ("LC_ALL, LC_CTYPE, LANG", "one without UTF-8 makes `pretty` and `explore` ASCII only"),
];

/// The variables of the environment.
pub(crate) struct Environment(Lookup);

type Lookup = Box<dyn Fn(&str) -> Option<OsString>>;

impl Environment {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        Self(Box::new(|name| std::env::var_os(name)))
    }

    /// The value of a variable; an empty one counts as unset.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, UsageError> {
        let Some(value) = (self.0)(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        value.into_string().map(Some).map_err(|_| UsageError::new(format!("{name} is not UTF-8")))
    }

    /// The same with whatever bytes it has, for other programs.
    pub(crate) fn raw(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// The same where an odd value is as good as none.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).unwrap_or_default()
    }

    /// Whether the variable is there, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        (self.0)(name).is_some()
    }
}

/// Whether colours are wanted; `None` where nobody says, which leaves it to the terminal.
pub(crate) fn wants_colour(flag: Option<&str>, environment: &Environment) -> Option<bool> {
    match flag.map(str::to_ascii_lowercase).as_deref() {
        Some("always") => return Some(true),
        Some("never") => return Some(false),
        _ => {}
    }
    if environment.text("NO_COLOR").is_some() {
        return Some(false);
    }
    for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
        if let Some(value) = environment.text(name) {
            return Some(value != "0");
        }
    }
    is_dumb(environment).then_some(false)
}

/// Whether the terminal can only be added to.
pub(crate) fn is_dumb(environment: &Environment) -> bool {
    environment.text("TERM").as_deref() == Some("dumb")
}

/// Whether characters beyond ASCII are shown as they should be.
pub(crate) fn shows_unicode(environment: &Environment) -> bool {
    if is_dumb(environment) {
        return false;
    }
    match ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.text(name)) {
        Some(locale) => locale.to_ascii_uppercase().replace('-', "").contains("UTF8"),
        // There are no such variables on Windows, and its terminals know more than ASCII.
        None => cfg!(windows),
    }
}

/// Whether colours are wanted, before the flags are parsed, for the help.
pub(crate) fn help_colour(flag: Option<&str>) -> Option<bool> {
    wants_colour(flag, &Environment::of_process())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::ffi::OsString;

    use super::{Environment, shows_unicode, wants_colour};

    impl Environment {
        /// One that holds these variables.
        pub(crate) fn holding(variables: &[(&str, &str)]) -> Self {
            let map: HashMap<String, OsString> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
            Self(Box::new(move |name| map.get(name).cloned()))
        }
    }

    #[test]
    fn colour_follows_flag_then_variables() {
        let colour = |flag, variables: &[(&str, &str)]| wants_colour(flag, &Environment::holding(variables));
        assert_eq!(colour(Some("Always"), &[("NO_COLOR", "1")]), Some(true));
        assert_eq!(colour(Some("auto"), &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]), Some(false));
        assert_eq!(colour(None, &[("NO_COLOR", ""), ("FORCE_COLOR", "1")]), Some(true));
        assert_eq!(colour(None, &[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")]), Some(false));
        assert_eq!(colour(None, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]), Some(true));
        assert_eq!(colour(None, &[("TERM", "dumb")]), Some(false));
        assert_eq!(colour(None, &[("TERM", "xterm")]), None);
    }

    #[cfg(not(windows))]
    #[test]
    fn the_locale_tells_what_can_be_shown() {
        let shows = |variables: &[(&str, &str)]| shows_unicode(&Environment::holding(variables));
        assert!(shows(&[("LANG", "de_DE.UTF-8")]));
        assert!(shows(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(!shows(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]));
        assert!(!shows(&[("LANG", "de_DE.ISO-8859-1")]));
        assert!(!shows(&[]));
        assert!(!shows(&[("LANG", "C.UTF-8"), ("TERM", "dumb")]));
    }
}
