//! Certificates: whom we trust and, for mTLS, who we are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::attempt::innermost;
use super::error::Error;

/// PEM files that identify us to the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    /// The certificate, then any intermediates.
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl ClientCertificate {
    /// Whether the files can be read and belong together.
    ///
    /// # Errors
    /// [`Error::ClientCertificate`] when they do not.
    pub(crate) fn check(&self) -> Result<(), Error> {
        configuration(false, Some(self)).map(drop)
    }
}

/// The configuration for HTTPS, or an empty one that is never used for HTTP: reading the system's roots takes longer than
/// a request.
pub(super) fn configuration(https: bool, identity: Option<&ClientCertificate>) -> Result<ClientConfig, Error> {
    let roots = if https { system_roots()?.0 } else { RootCertStore::empty() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup { message: format!("TLS cannot be set up: {error}"), hint: None })?
        .with_root_certificates(roots);
    let Some(identity) = identity else { return Ok(builder.with_no_client_auth()) };
    let (chain, key) = read_identity(identity).map_err(|error| Error::ClientCertificate(format!("{error:#}")))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| {
        Error::ClientCertificate(match error {
            rustls::Error::InconsistentKeys(_) => "the client certificate is not one of this key".to_owned(),
            error => format!("the client certificate cannot be used: {error}"),
        })
    })
}

/// Whom we trust, in numbers.
pub(crate) struct Authorities {
    pub(crate) trusted: usize,
    /// Why the first of those that could not be read could not.
    pub(crate) unreadable: Option<String>,
}

/// How many certificate authorities there are.
///
/// # Errors
/// When there is none.
pub(crate) fn authorities() -> Result<Authorities, Error> {
    let (roots, unreadable) = system_roots()?;
    Ok(Authorities { trusted: roots.len(), unreadable })
}

/// The certificate authorities that the system trusts, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, and why the first
/// of those that could not be read could not.
fn system_roots() -> Result<(RootCertStore, Option<String>), Error> {
    let found = rustls_native_certs::load_native_certs();
    let unreadable = found.errors.first().map(ToString::to_string);
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok((roots, unreadable));
    }
    let cause = unreadable.map(|error| format!(": {error}")).unwrap_or_default();
    Err(Error::Setup {
        message: format!("no certificate authorities were found, so no server can be trusted{cause}"),
        hint: Some(
            "install the system's ca-certificates, or name a PEM file of certificates with SSL_CERT_FILE; where that or SSL_CERT_DIR is set, it names none"
                .to_owned(),
        ),
    })
}

fn read_identity(
    identity: &ClientCertificate,
) -> anyhow::Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| anyhow!("failed to read {}: {}", path.display(), innermost(&error)))
    };
    let no_pem = |path: &Path, what: &str| format!("{} holds no {what} in PEM form", path.display());
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(&identity.certificate)?)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|chain: &Vec<_>| !chain.is_empty())
        .with_context(|| no_pem(&identity.certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(&read(&identity.key)?)
        .ok()
        .with_context(|| no_pem(&identity.key, "private key"))?;
    Ok((chain, key))
}
