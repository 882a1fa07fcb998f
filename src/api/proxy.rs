//! Which proxy a request goes through: asked of the library that decides it.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::endpoint::BaseUrl;

/// The proxy that the environment names for this URL, as scheme, host and port: without the user and the password.
pub(crate) fn proxy_for(base_url: &BaseUrl) -> Option<String> {
    let url: Uri = base_url.to_string().parse().ok()?;
    let proxy = Matcher::from_env().intercept(&url)?;
    let host = proxy.uri().authority()?.as_str().rsplit('@').next()?;
    Some(format!("{}://{host}", proxy.uri().scheme_str().unwrap_or("http")))
}
