//! TLS: one provider for the whole process, and the system's trust, read once.

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, OnceLock};

/// Makes AWS-LC the process's cryptography. May be called any number of times; the first caller wins.
pub fn install_crypto() {
    // An error only says that it was done before.
    let _ = aws_lc_rs::default_provider().install_default();
}

/// The configuration of one client: the system's trust and `extra` roots. Without any server over TLS nothing is read
/// and nothing is trusted, so a machine without certificates can still talk to plain servers.
pub(crate) fn configuration(needed: bool, extra: &[CertificateDer<'static>]) -> Result<ClientConfig, rustls::Error> {
    static SYSTEM: OnceLock<Result<ClientConfig, rustls::Error>> = OnceLock::new();
    install_crypto();
    match (needed, extra) {
        (false, _) => start(|config| Ok(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())),
        (true, []) => SYSTEM.get_or_init(|| verified(&[])).clone(),
        (true, extra) => verified(extra),
    }
}

fn verified(extra: &[CertificateDer<'static>]) -> Result<ClientConfig, rustls::Error> {
    start(|config| {
        let provider = Arc::clone(config.crypto_provider());
        let verifier =
            if extra.is_empty() { Verifier::new(provider)? } else { Verifier::new_with_extra_roots(extra.iter().cloned(), provider)? };
        Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
    })
}

type Unverified = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

fn start(finish: impl FnOnce(Unverified) -> Result<ClientConfig, rustls::Error>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = finish(ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
