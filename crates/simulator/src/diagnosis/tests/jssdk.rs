use super::*;
use crate::diagnosis::{PageSignature, Tickets, digest::Spelling, explain_page, jssdk::MISTAKES};

const URL: &str = "http://shop.example:8901/a?b=%E8%8C%B6&c=1";
const FIRST: &str = "http://shop.example:8901/";

fn page(signature: String) -> PageSignature {
    PageSignature {
        url: format!("{URL}#part"),
        other_url: FIRST.to_owned(),
        nonce: "aBc".to_owned(),
        timestamp: "1700000000".to_owned(),
        signature,
        tickets: Tickets {
            valid: vec!["older".to_owned(), "valid".to_owned()],
            expired: vec!["expired".to_owned()],
            card: vec!["card".to_owned()],
            access_tokens: vec!["token".to_owned()],
        },
        keys: KnownKeys::demo(),
    }
}

fn sha1(text: &str) -> String {
    hex::encode(Digest::Sha1.of(text.as_bytes(), b""))
}

fn text(ticket: &str, url: &str) -> String {
    format!("jsapi_ticket={ticket}&noncestr=aBc&timestamp=1700000000&url={url}")
}

fn signed_url(url: &str) -> String {
    sha1(&text("valid", url))
}

fn cases() -> Vec<(&'static str, String)> {
    let full = text("valid", URL);
    vec![
        ("url_with_fragment", signed_url(&format!("{URL}#part"))),
        ("url_without_query", signed_url("http://shop.example:8901/a")),
        ("url_encoded", signed_url("http%3A%2F%2Fshop.example%3A8901%2Fa%3Fb%3D%25E8%258C%25B6%26c%3D1")),
        ("url_doubly_encoded", signed_url("http://shop.example:8901/a?b=%25E8%258C%25B6&c=1")),
        ("url_decoded", signed_url("http://shop.example:8901/a?b=茶&c=1")),
        ("url_html_escaped", signed_url(&URL.replace('&', "&amp;"))),
        ("url_scheme", signed_url(&URL.replace("http:", "https:"))),
        ("url_without_port", signed_url(&URL.replace(":8901", ""))),
        ("url_slash", signed_url(&URL.replace("/a?", "/a/?"))),
        ("url_origin_only", signed_url("http://shop.example:8901")),
        ("url_path_only", signed_url("/a?b=%E8%8C%B6&c=1")),
        ("other_url_of_page", signed_url("http://shop.example:8901/first?x=1")),
        ("stale_ticket", sha1(&text("expired", URL))),
        ("card_ticket", sha1(&text("card", URL))),
        ("token_for_ticket", sha1(&text("token", URL))),
        ("secret_for_ticket", sha1(&text(&KnownKeys::demo().app_secrets[0], URL))),
        ("camel_case_names", sha1(&full.replace("noncestr", "nonceStr"))),
        ("camel_case_names", sha1(&full.replace("noncestr", "nonceStr").replace("timestamp", "timeStamp"))),
        ("ticket_name", sha1(&full.replace("jsapi_ticket", "ticket"))),
        ("unsorted", sha1(&format!("noncestr=aBc&jsapi_ticket=valid&timestamp=1700000000&url={URL}"))),
        ("values_only", sha1(&format!("1700000000aBc{URL}valid"))),
        ("upper_case", sha1(&full).to_uppercase()),
        ("base64_for_hex", Spelling::Base64.write(&Digest::Sha1.of(full.as_bytes(), b""))),
        ("other_hash", hex::encode(Digest::Sha256.of(full.as_bytes(), b""))),
        ("payment_key_appended", sha1(&format!("{full}&key={}", KnownKeys::demo().api_v2))),
        ("timestamp_differs", sha1(&full.replace("1700000000", "1699999999"))),
        ("timestamp_differs", sha1(&full.replace("1700000000", "1700000000000"))),
        ("nonce_in_other_case", sha1(&full.replace("aBc", "abc"))),
    ]
}

#[test]
fn each_mistake_of_a_page_is_named() {
    for (id, signature) in cases() {
        let mut page = page(signature);
        if id == "other_url_of_page" {
            page.other_url = "http://shop.example:8901/first?x=1".to_owned();
        }
        assert_named(id, explain_page(&page));
    }
    assert_complete(cases().iter().map(|(id, _)| *id), MISTAKES.iter().map(|mistake| mistake.id));
}

#[test]
fn a_stale_ticket_is_named_when_no_ticket_is_valid() {
    let mut page = page(sha1(&text("expired", URL)));
    page.tickets.valid.clear();
    assert_named("stale_ticket", explain_page(&page));
}

#[test]
fn a_correct_page_is_never_blamed() {
    for ticket in ["valid", "older"] {
        assert_eq!(explain_page(&page(sha1(&text(ticket, URL)))), None);
    }
    assert_eq!(explain_page(&page(sha1("nothing"))).unwrap().mistakes, ["unexplained"]);
}
