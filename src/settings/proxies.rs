//! The variables that name proxies, and whether they can be right.

use super::Settings;
use crate::api::is_proxy;
use crate::input::UsageError;

impl Settings {
    /// Whether `NO_PROXY` names every host. The client library overlooks that where the host is an address.
    pub(super) fn refuses_proxies(&self) -> bool {
        let hosts = ["NO_PROXY", "no_proxy"].map(|name| self.environment.text(name).unwrap_or_default());
        hosts.iter().flat_map(|hosts| hosts.split(',')).any(|host| host.trim() == "*")
    }

    /// Refuses a proxy that is none: going round it would send the request a way that the user does not want.
    pub(super) fn check_proxies(&self, https: bool) -> Result<(), UsageError> {
        for name in proxy_variables(https) {
            if self.environment.get(name)?.is_some_and(|url| !is_proxy(&url)) {
                return Err(UsageError::new(format!("{name} is not the URL of a proxy, such as http://proxy:8080")));
            }
        }
        Ok(())
    }

    /// The variable whose value is used: of each pair the library takes the first that is there, be it empty.
    pub(super) fn proxy_variable(&self, https: bool) -> Option<&'static str> {
        let [capitals, small, all_capitals, all_small] = proxy_variables(https);
        let pairs = [[capitals, small], [all_capitals, all_small]];
        let taken = pairs.iter().filter_map(|pair| pair.iter().find(|name| self.environment.has(name)));
        taken.copied().find(|name| self.environment.text(name).is_some())
    }

    /// Whether there are hosts that are reached without a proxy.
    pub(super) fn has_no_proxy(&self) -> bool {
        ["NO_PROXY", "no_proxy"].iter().any(|name| self.environment.text(name).is_some())
    }
}

/// The variables that name a proxy for this scheme, in the order in which they count.
pub(super) const fn proxy_variables(https: bool) -> [&'static str; 4] {
    if https {
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    }
}
