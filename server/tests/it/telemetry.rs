//! Spans reach a collector, where one is named.

use std::sync::{Arc, Mutex};
use test_support::Database;

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
};
use prost::Message;

use crate::{app::TestApp, on_both, program::Program};

on_both!(a_requests_span_reaches_the_collector);

type Received = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// A collector of one's own.
async fn collector() -> (String, Received) {
    async fn take(State(received): State<Received>, body: Bytes) {
        received.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
    }
    let received = Received::default();
    let router = Router::new().route("/v1/traces", post(take)).with_state(received.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, received)
}

fn text<'a>(attributes: &'a [KeyValue], name: &str) -> Option<&'a str> {
    let value = attributes.iter().find(|attribute| attribute.key == name)?.value.as_ref()?;
    match value.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

async fn a_requests_span_reaches_the_collector(database: Database) {
    let mut app = TestApp::start(database).await;
    app.stop_server().await;
    let (url, received) = collector().await;
    let mut variables = app.variables().to_vec();
    variables.push(("OTEL_EXPORTER_OTLP_ENDPOINT".into(), url));
    variables.push(("OTEL_SERVICE_NAME".into(), "the shop of a test".into()));
    let program = Program::install();
    let server = program.start(&variables);
    app.until("the server is ready", async || {
        app.http.get(format!("{}/readyz", app.url)).send().await.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    let page = format!("{}/api/wechat/jssdk?url={}/", app.url, app.url);
    let answer = app.http.get(page).send().await.unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let ended = server.stop().await;
    assert!(ended.ok, "{}", ended.stderr);
    let received = std::mem::take(&mut *received.lock().unwrap());
    let resources: Vec<_> = received.iter().flat_map(|request| &request.resource_spans).collect();
    let name = &resources[0].resource.as_ref().unwrap().attributes;
    assert_eq!(text(name, "service.name"), Some("the shop of a test"));
    let spans: Vec<_> =
        resources.iter().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans).collect();
    let request =
        spans.iter().find(|span| text(&span.attributes, "request_id") == Some(&*id)).expect("its span");
    assert_eq!(text(&request.attributes, "path"), Some("/api/wechat/jssdk"));
    // what WeChat was asked for on the way is below it
    let call = spans.iter().find(|span| span.parent_span_id == request.span_id).expect("a call to WeChat");
    assert_eq!(call.trace_id, request.trace_id);
    assert!(text(&call.attributes, "endpoint").is_some(), "{call:?}");
    app.stop().await;
}
