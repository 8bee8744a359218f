use std::fmt;

use super::{Cause, Error, Refusal};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.endpoint)?;
        match &self.0.cause {
            Cause::Transport(error) if error.is_timeout() => f.write_str("no response in time"),
            Cause::Transport(error) if error.is_connect() => {
                write!(f, "cannot connect: {}", innermost(error))
            }
            Cause::Transport(error) => write!(f, "the connection failed: {}", innermost(error)),
            Cause::Abandoned => f.write_str("the call was cancelled before its response"),
            Cause::Verification(what) => write!(f, "cannot verify the response: {what}"),
            Cause::Service(Refusal { code, message, field, issue, .. }) => {
                let code = code.as_deref().unwrap_or("FAIL");
                write!(f, "WeChat refused: {code} {message}")?;
                match (field, issue) {
                    (Some(field), Some(issue)) => write!(f, " ({field}: {issue})")?,
                    (Some(word), None) | (None, Some(word)) => write!(f, " ({word})")?,
                    (None, None) => {}
                }
                if code == "40164" {
                    f.write_str("; put this server's IP address on the account's IP whitelist (IP白名单)")?;
                }
                Ok(())
            }
            Cause::Decryption => f.write_str("cannot decrypt the response; is the key the current one?"),
            Cause::Store(error) => write!(f, "the token store failed: {error}"),
            Cause::Status(status) => write!(f, "WeChat answered with HTTP status {status}"),
            Cause::Malformed(what) => write!(f, "cannot read the response: {what}"),
            Cause::Configuration(what) => f.write_str(what),
        }
    }
}

/// The innermost cause. The outer causes only say that a request failed.
fn innermost(error: &reqwest::Error) -> &dyn std::error::Error {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner
}
