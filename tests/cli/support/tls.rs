//! The same server over TLS, with certificates made on the spot and signed by an authority nobody else trusts.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

use super::message::{Answer, Request};
use super::server::{Script, Server, Stream};

/// A throw-away authority, the server's certificate that it signed, and one for a client.
pub struct Certificates {
    folder: TempDir,
    config: Arc<ServerConfig>,
}

impl Certificates {
    /// For a server at 127.0.0.1 and localhost that anyone may talk to.
    pub fn new() -> Self {
        Self::make(&["127.0.0.1", "localhost"], 2100, false)
    }

    /// For a server that only talks to clients with a certificate of the same authority.
    pub fn requiring_a_client() -> Self {
        Self::make(&["127.0.0.1", "localhost"], 2100, true)
    }

    /// For a server that is not where it says it is.
    pub fn for_another_host() -> Self {
        Self::make(&["another.example"], 2100, false)
    }

    /// For a server whose certificate has run out.
    pub fn expired() -> Self {
        Self::make(&["127.0.0.1", "localhost"], 2001, false)
    }

    /// The authority's certificate, as for `SSL_CERT_FILE`.
    pub fn authority_pem(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// The client's certificate.
    pub fn client_pem(&self) -> PathBuf {
        self.folder.path().join("client.pem")
    }

    /// The client's private key.
    pub fn client_key_pem(&self) -> PathBuf {
        self.folder.path().join("client.key.pem")
    }

    fn make(names: &[&str], last_year: i32, client_required: bool) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (authority, issuer) = make_authority();
        let (server, server_key) = issue(&issuer, names, last_year, ExtendedKeyUsagePurpose::ServerAuth);
        let (client, client_key) = issue(&issuer, &["client"], 2100, ExtendedKeyUsagePurpose::ClientAuth);

        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the ring provider has the default protocol versions");
        let config = if client_required {
            config.with_client_cert_verifier(verifier(authority.der().clone(), provider))
        } else {
            config.with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(server_key.serialize_der()).expect("a private key just made");
        let config = config.with_single_cert(vec![server.der().clone()], key).expect("a certificate just made");

        let made = Self { folder, config: Arc::new(config) };
        fs::write(made.authority_pem(), authority.pem()).unwrap();
        fs::write(made.client_pem(), client.pem()).unwrap();
        fs::write(made.client_key_pem(), client_key.serialize_pem()).unwrap();
        made
    }
}

fn make_authority() -> (rcgen::Certificate, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "vsfb's throw-away test authority");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().expect("a key pair");
    let certificate = params.self_signed(&key).expect("a certificate that signs itself");
    (certificate, Issuer::new(params, key))
}

fn issue(
    issuer: &Issuer<'static, KeyPair>,
    names: &[&str],
    last_year: i32,
    purpose: ExtendedKeyUsagePurpose,
) -> (rcgen::Certificate, KeyPair) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names that fit a certificate");
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![purpose];
    let key = KeyPair::generate().expect("a key pair");
    (params.signed_by(&key, issuer).expect("a signed certificate"), key)
}

fn verifier(
    authority: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
) -> Arc<dyn rustls::server::danger::ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(authority).expect("an authority just made");
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("one root is enough")
}

impl Server {
    /// [`Server::answering`] over TLS.
    pub fn https_answering(certificates: &Certificates, answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::https(certificates, Script::answers(answers))
    }

    /// [`Server::with`] over TLS.
    pub fn https_with(
        certificates: &Certificates,
        handler: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::https(certificates, Script::Handler(Box::new(handler)))
    }

    /// [`Server::expecting_none`] over TLS: for a handshake that must fail.
    pub fn https_expecting_none(certificates: &Certificates) -> Self {
        Self::https(certificates, Script::Nothing)
    }

    fn https(certificates: &Certificates, script: Script) -> Self {
        let config = Arc::clone(&certificates.config);
        let wrap = move |socket: TcpStream| {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a TLS connection");
            // The handshake is done by the first read.
            Box::new(StreamOwned::new(connection, socket)) as Box<dyn Stream>
        };
        Self::start("https", script, Box::new(wrap))
    }
}
