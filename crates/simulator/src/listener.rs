//! The listeners, with and without TLS.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, http::Extensions, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::{
    DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::{faults::HangUp, header_case};

/// The other end of a connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    address: SocketAddr,
    /// Whether the connection is encrypted.
    pub(crate) tls: bool,
}

impl Peer {
    /// The IP address as a whitelist contains it.
    pub(crate) fn ip(self) -> String {
        self.address.ip().to_canonical().to_string()
    }

    /// The IP address as IPv6, `::ffff:127.0.0.1`.
    pub(crate) fn mapped(self) -> String {
        match self.address.ip().to_canonical() {
            std::net::IpAddr::V4(ip) => ip.to_ipv6_mapped().to_string(),
            std::net::IpAddr::V6(ip) => ip.to_string(),
        }
    }
}

/// The certificate of the client, in DER.
#[derive(Clone)]
pub(crate) struct PeerCertificate(pub(crate) Arc<[u8]>);

/// Serves until the simulator stops. With an acceptor it uses TLS.
pub(crate) async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut stop: watch::Receiver<()>,
) {
    let names = header_case::documented().await;
    // the end of this function drops the set, which closes all connections
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    continue;
                }
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            _ = stop.changed() => return,
        };
        connections.spawn(connection(stream, peer, tls.clone(), router.clone(), names.clone()));
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    names: Extensions,
) {
    // without this option a small response waits for the acknowledgement of the client
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, Peer { address: peer, tls: false }, None, router, names).await,
        Some(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => {
                let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let shown = shown.map(|certificate| PeerCertificate(Arc::from(certificate.as_ref())));
                http(stream, Peer { address: peer, tls: true }, shown, router, names).await;
            }
            Err(error) => tracing::debug!(%error, "the TLS handshake failed"),
        },
    }
}

async fn http<S>(stream: S, peer: Peer, shown: Option<PeerCertificate>, router: Router, names: Extensions)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let (answered, names) = (answer(router.clone(), peer, shown.clone(), request), names.clone());
        async move {
            let mut response = answered.await?;
            response.extensions_mut().extend(names);
            Ok::<_, io::Error>(response)
        }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).title_case_headers(true);
    let served = server.serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection failed");
    }
}

async fn answer(
    router: Router,
    peer: Peer,
    shown: Option<PeerCertificate>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    if let Some(shown) = shown {
        request.extensions_mut().insert(shown);
    }
    let response: Result<Response, Infallible> = router.oneshot(request).await;
    let response = response.unwrap_or_else(|never| match never {});
    // an error here closes the connection without an answer
    if response.extensions().get::<HangUp>().is_some() {
        return Err(io::Error::other("closed by a fault"));
    }
    Ok(response)
}

/// Accepts the certificate of any client that has its key. The calls that require a certificate check its owner,
/// because merchants may be added while the listener runs.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The TLS acceptor. It asks for the merchant's certificate but does not require it.
pub(crate) fn acceptor(
    keys: &crate::account::Keys,
    private: &crate::account::PrivateKeys,
) -> Result<TlsAcceptor, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let authority = CertificateDer::from_pem_slice(keys.ca_pem.as_bytes())?;
    let certificate = CertificateDer::from_pem_slice(private.tls_cert_pem.as_bytes())?;
    let key = PrivateKeyDer::from_pem_slice(private.tls_key_pem.as_bytes())?;
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(AnyCertificate(Arc::clone(&provider))))
        .with_single_cert(vec![certificate, authority], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Why the keys in the state file cannot be used for the TLS listener.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A key or a certificate is not PEM.
    #[error("a key or certificate is not PEM: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// TLS cannot use a key or a certificate.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}
