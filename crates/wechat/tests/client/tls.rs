//! Tests of configured root certificates and of the merchant certificate.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, pki_types::PrivateKeyDer, server::WebPkiClientVerifier},
};
use wechat::{
    ErrorKind, Http, HttpOptions, Official, Secret, TokenMode,
    pay::v2::{Client, Merchant, PaymentId, RefundRequest, RefundRequestAmount, SignType},
};

use crate::fake_wechat::endpoints;

/// An HTTPS URL with an unknown self-signed certificate, and that certificate.
async fn https() -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let body = r#"{"access_token":"token-0","expires_in":7200}"#;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (format!("https://localhost:{port}"), cert.pem())
}

#[track_caller]
fn official(url: &str, options: &HttpOptions) -> Official {
    let http = Http::new(options).unwrap();
    Official::new(http, endpoints(url), "wxd930ea5d5a258f4f", Secret::new("s"), TokenMode::Classic)
}

#[tokio::test]
async fn a_root_certificate_is_trusted_only_by_its_client() {
    let (url, pem) = https().await;
    let trusting = HttpOptions { ca_pem: Some(pem.into_bytes()), ..HttpOptions::default() };
    assert_eq!(official(&url, &trusting).access_token().await.unwrap().expose(), "token-0");
    let error = official(&url, &HttpOptions::default()).access_token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("certificate"), "{error}");
}

/// An HTTPS URL of a server that requires this client certificate, and the certificate of the server.
async fn https_for(client: &rcgen::Certificate) -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(client.der().clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let body = "<xml><return_code>FAIL</return_code><return_msg>welcome</return_msg></xml>";
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (format!("https://localhost:{port}"), cert.pem())
}

#[tokio::test]
async fn a_refund_presents_the_merchant_certificate() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["10000100".to_owned()]).unwrap();
    let (url, pem) = https_for(&cert).await;
    let options = HttpOptions { ca_pem: Some(pem.into_bytes()), ..HttpOptions::default() };
    let plain = Http::new(&options).unwrap();
    let certified =
        Http::with_client_certificate(&options, &cert.pem(), &signing_key.serialize_pem()).unwrap();
    let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    let amount = RefundRequestAmount { total: 1990, refund: 990 };
    let request = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount).request(
        &merchant,
        SignType::HmacSha256,
        "n",
    );
    let client = Client::new(plain.clone(), endpoints(&url), merchant);
    let error = client.clone().with_certificate(certified).refund(&request).await.unwrap_err();
    assert_eq!(error.message(), Some("welcome"), "{error}");
    let error = client.with_certificate(plain).refund(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[test]
fn a_file_without_a_certificate_is_refused() {
    for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let options = HttpOptions { ca_pem: Some(pem.into()), ..HttpOptions::default() };
        assert_eq!(Http::new(&options).unwrap_err().kind(), ErrorKind::Configuration, "{pem}");
    }
}
