//! AWS Signature Version 4 of a request with an `Authorization` header, verified as the documents of S3 describe it:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::DateTime;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Everything but the unreserved characters is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How far the clocks may differ, ms.
const SKEW_MS: i64 = 15 * 60 * 1000;

/// Who may sign, and for which region.
pub(super) struct Credentials {
    pub(super) key_id: String,
    pub(super) secret: String,
    pub(super) region: String,
}

/// A refusal: the status, S3's code and its message.
pub(super) type Refused = (StatusCode, &'static str, &'static str);

/// A request, as it came.
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// The parts of `AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/s3/aws4_request,SignedHeaders=a;b,Signature=…`.
struct Authorization<'a> {
    key_id: &'a str,
    scope: &'a str,
    headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (mut credential, mut headers, mut signature) = (None, None, None);
        for part in text.strip_prefix("AWS4-HMAC-SHA256 ")?.split(',') {
            match part.trim().split_once('=')? {
                ("Credential", value) => credential = value.split_once('/'),
                ("SignedHeaders", value) => headers = Some(value.split(';').collect()),
                ("Signature", value) => signature = Some(value),
                _ => return None,
            }
        }
        let (key_id, scope) = credential?;
        Some(Self { key_id, scope, headers: headers?, signature: signature? })
    }
}

impl Signed<'_> {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Verifies the signature. `now_ms` is the time of the storage.
    pub(super) fn verify(&self, known: &Credentials, now_ms: i64) -> Result<(), Refused> {
        let denied = |message| Err((StatusCode::FORBIDDEN, "AccessDenied", message));
        let Some(authorization) = Authorization::parse(self.header("authorization")) else {
            return denied("The request has no signature");
        };
        if authorization.key_id != known.key_id {
            return Err((
                StatusCode::FORBIDDEN,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            ));
        }
        let date = self.header("x-amz-date");
        let Ok(time) = DateTime::strptime("%Y%m%dT%H%M%SZ", date) else {
            return denied("x-amz-date is not a time");
        };
        let signed_ms = time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond();
        if (now_ms - signed_ms).abs() > SKEW_MS {
            return Err((
                StatusCode::FORBIDDEN,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            ));
        }
        let scope = format!("{}/{}/s3/aws4_request", &date[..8], known.region);
        if authorization.scope != scope {
            return Err((
                StatusCode::BAD_REQUEST,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region is wrong",
            ));
        }
        let must_be_signed =
            |name: &str| name == "host" || name == "content-md5" || name.starts_with("x-amz-");
        if self
            .headers
            .keys()
            .any(|name| must_be_signed(name.as_str()) && !authorization.headers.contains(&name.as_str()))
        {
            return denied("There were headers present in the request which were not signed");
        }
        if self.header("x-amz-content-sha256") != hex::encode(Sha256::digest(self.body)) {
            return Err((
                StatusCode::BAD_REQUEST,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ));
        }
        if self.signature(&authorization.headers, known) != authorization.signature {
            return Err((
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            ));
        }
        Ok(())
    }

    /// The text whose hash is signed.
    fn canonical_request(&self, headers: &[&str]) -> String {
        let path: Vec<String> = self
            .uri
            .path()
            .split('/')
            .map(|part| {
                utf8_percent_encode(&percent_decode_str(part).decode_utf8_lossy(), ENCODED).to_string()
            })
            .collect();
        let mut query: Vec<String> = self
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let encode = |text| {
                    utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), ENCODED).to_string()
                };
                format!("{}={}", encode(name), encode(value))
            })
            .collect();
        query.sort();
        let lines: String =
            headers.iter().map(|name| format!("{name}:{}\n", self.header(name).trim())).collect();
        format!(
            "{}\n{}\n{}\n{lines}\n{}\n{}",
            self.method,
            path.join("/"),
            query.join("&"),
            headers.join(";"),
            self.header("x-amz-content-sha256")
        )
    }

    fn signature(&self, headers: &[&str], known: &Credentials) -> String {
        let date = self.header("x-amz-date");
        let day = date.get(..8).unwrap_or_default();
        let request = hex::encode(Sha256::digest(self.canonical_request(headers)));
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{day}/{}/s3/aws4_request\n{request}", known.region);
        let key = [day, &known.region, "s3", "aws4_request"]
            .iter()
            .fold(format!("AWS4{}", known.secret).into_bytes(), |key, part| hmac(&key, part));
        hex::encode(hmac(&key, &text))
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The examples of AWS' documents, so that this file and `object_store` cannot be wrong in the same way.
#[test]
fn the_examples_of_the_documents_verify() {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let known = Credentials {
        key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let now_ms = "2013-05-24T00:01:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    let put = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
    type Example<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
    let examples: [Example<'_>; 4] = [
        (
            "GET",
            "/test.txt",
            &[("range", "bytes=0-9")],
            "",
            EMPTY,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test$file.text",
            &put,
            "Welcome to Amazon S3.",
            hash,
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET",
            "/?lifecycle",
            &[],
            "",
            EMPTY,
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET",
            "/?max-keys=2&prefix=J",
            &[],
            "",
            EMPTY,
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ];
    for (method, path, more, body, hash, signature) in examples {
        let common = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("x-amz-content-sha256", hash),
            ("x-amz-date", "20130524T000000Z"),
        ];
        let mut signed: Vec<(&str, &str)> = common.iter().chain(more).copied().collect();
        signed.sort_unstable();
        let names: Vec<_> = signed.iter().map(|(name, _)| *name).collect();
        let authorization = |signature: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders={},Signature={signature}",
                names.join(";")
            )
        };
        let (method, uri) = (method.parse().unwrap(), path.parse().unwrap());
        let verify = |more: &[(&str, &str)], body: &str, now_ms| {
            let pairs = signed.iter().chain(more);
            let headers: HeaderMap = pairs
                .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            let signed = Signed { method: &method, uri: &uri, headers: &headers, body: body.as_bytes() };
            signed.verify(&known, now_ms).map_err(|(_, code, _)| code)
        };
        let (right, wrong) = (authorization(signature), authorization(&signature.replace('a', "b")));
        let (right, wrong) = (("authorization", right.as_str()), ("authorization", wrong.as_str()));
        assert_eq!(verify(&[right], body, now_ms), Ok(()), "{path}");
        assert_eq!(verify(&[right], body, now_ms + 2 * SKEW_MS), Err("RequestTimeTooSkewed"));
        assert_eq!(verify(&[right], "another", now_ms), Err("XAmzContentSHA256Mismatch"));
        assert_eq!(verify(&[wrong], body, now_ms), Err("SignatureDoesNotMatch"));
        assert_eq!(verify(&[right, ("x-amz-acl", "public-read")], body, now_ms), Err("AccessDenied"));
        assert_eq!(verify(&[], body, now_ms), Err("AccessDenied"));
    }
}
