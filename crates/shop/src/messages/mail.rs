//! Sends e-mail to the staff over SMTP.

use std::{fmt, time::Duration};

pub use lettre::message::Mailbox;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::authentication::Credentials,
};
use model::message::MessageState;
use wechat::Secret;

use super::send_outcome::SendOutcome;

/// The time limit for each step of SMTP.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the start, usually on port 465.
    Tls,
    /// TLS after STARTTLS, usually on port 587.
    StartTls,
    /// No encryption. Only for a server on this machine.
    Plain,
}

/// The mail server, the sender and the receivers (`SHOP_STAFF_MAIL_…`).
#[derive(Clone)]
pub struct StaffMail {
    /// The host of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// The user name and the password; `None` if the server needs none.
    pub login: Option<(String, Secret)>,
    /// The sender.
    pub from: Mailbox,
    /// The receivers.
    pub to: Vec<Mailbox>,
}

impl fmt::Debug for StaffMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, security, .. } = self;
        f.debug_struct("StaffMail")
            .field("host", host)
            .field("port", port)
            .field("security", security)
            .finish()
    }
}

impl StaffMail {
    /// Reads a sender or a receiver: `shop@example.com` or `小店 <shop@example.com>`. `None` for another form.
    #[must_use]
    pub fn mailbox(text: &str) -> Option<Mailbox> {
        text.trim().parse().ok()
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match self.security {
            MailSecurity::Tls => Smtp::relay(&self.host)?,
            MailSecurity::StartTls => Smtp::starttls_relay(&self.host)?,
            MailSecurity::Plain => Smtp::builder_dangerous(&self.host),
        };
        let builder = builder.port(self.port).timeout(Some(TIMEOUT));
        Ok(match &self.login {
            Some((user, password)) => {
                builder.credentials(Credentials::new(user.clone(), password.expose().to_owned())).build()
            }
            None => builder.build(),
        })
    }

    /// Connects to the server and logs in. Sends no mail.
    ///
    /// # Errors
    /// The text of the server's or the connection's error.
    pub async fn check(&self) -> Result<(), String> {
        let answers = self.transport().map_err(|error| error.to_string())?.test_connection().await;
        match answers {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server does not answer".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn message(&self, text: &str) -> Result<Message, lettre::error::Error> {
        let subject = text.lines().next().unwrap_or_default();
        let message = self
            .to
            .iter()
            .fold(Message::builder().from(self.from.clone()), |message, to| message.to(to.clone()));
        message.subject(subject).header(ContentType::TEXT_PLAIN).body(text.to_owned())
    }

    pub(super) async fn send(&self, text: &str) -> SendOutcome {
        // after a failed login nothing was sent, so the job may try again
        if let Err(error) = self.check().await {
            return SendOutcome::new(MessageState::Waiting, "", error);
        }
        let message = match self.message(text) {
            Ok(message) => message,
            Err(error) => return SendOutcome::new(MessageState::Refused, "", error),
        };
        let sent = match self.transport() {
            Ok(transport) => transport.send(message).await,
            Err(error) => return SendOutcome::new(MessageState::Waiting, "", error),
        };
        match sent {
            Ok(_) => SendOutcome::sent(),
            Err(error) => {
                let code = error.status().map(|status| status.to_string()).unwrap_or_default();
                let state = if error.is_transient() {
                    MessageState::Waiting
                } else if error.is_permanent() {
                    MessageState::Refused
                } else {
                    // the server may have accepted the mail
                    MessageState::Unknown
                };
                SendOutcome::new(state, code, error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> StaffMail {
        StaffMail {
            host: "smtp.example.com".into(),
            port: 465,
            security: MailSecurity::Tls,
            login: Some(("shop".into(), Secret::new("hidden"))),
            from: StaffMail::mailbox("小店 <shop@example.com>").unwrap(),
            to: vec![
                StaffMail::mailbox("a@example.com").unwrap(),
                StaffMail::mailbox("b@example.com").unwrap(),
            ],
        }
    }

    #[test]
    fn the_first_line_is_the_subject_and_the_password_does_not_print() {
        assert!(!format!("{:?}", mail()).contains("hidden"));
        let message = mail().message("New order 1\nhttps://shop.example/console/orders/1").unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("Subject: New order 1\r\n"), "{text}");
        assert!(text.contains("a@example.com") && text.contains("b@example.com"), "{text}");
        assert!(StaffMail::mailbox("nobody").is_none());
    }
}
