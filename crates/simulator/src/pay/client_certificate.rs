//! The merchant's client certificate, which the paths under `/secapi` require.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::xml_call;
use crate::{app_state::SharedState, listener::PeerCertificate};

const NO_CERTIFICATE: &str = "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n\
    <body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
    <center>No required SSL certificate was sent</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// The only other path that requires it.
const FUND_FLOW: &str = "/pay/downloadfundflow";

/// Requires the merchant's certificate for these paths.
pub(crate) async fn certificate_layer(
    State(app): State<SharedState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if !path.starts_with("/secapi/") && path != FUND_FLOW {
        return next.run(request).await;
    }
    let Some(PeerCertificate(shown)) = request.extensions().get::<PeerCertificate>() else {
        let html = [(header::CONTENT_TYPE, "text/html")];
        return (StatusCode::BAD_REQUEST, html, NO_CERTIFICATE).into_response();
    };
    let pem = app.database().keys.merchant_cert_pem.clone();
    if CertificateDer::from_pem_slice(pem.as_bytes()).is_ok_and(|own| own.as_ref() == shown.as_ref()) {
        next.run(request).await
    } else {
        xml_call::unsigned("请检查证书是否正确，证书是否过期或作废")
    }
}
