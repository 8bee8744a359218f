//! The merchant's client certificate, which the paths under `/secapi` require.

use super::xml_call;
use crate::{app_state::SharedState, listener::PeerCertificate};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const NO_CERTIFICATE: &str = "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n\
    <body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
    <center>No required SSL certificate was sent</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// WeChat's message for a certificate that is not the merchant's.
pub(super) const WRONG_CERTIFICATE: &str = "请检查证书是否正确，证书是否过期或作废";

/// The number of the merchant to which the client certificate belongs.
#[derive(Clone)]
pub(crate) struct CertificateOf(pub(super) String);

/// The only path outside `/secapi` that requires the certificate.
const FUND_FLOW: &str = "/pay/downloadfundflow";

/// Requires the merchant's certificate for these paths.
pub(crate) async fn certificate_layer(
    State(app): State<SharedState>,
    mut request: Request,
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
    let Some(owner) = app.merchants().owner_of(shown).map(CertificateOf) else {
        return xml_call::unsigned(WRONG_CERTIFICATE);
    };
    request.extensions_mut().insert(owner);
    next.run(request).await
}
