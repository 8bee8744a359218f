use std::{error::Error, io};

use object_store::client::{HttpError, HttpErrorKind};

use crate::s3::Refusal;

/// A call to a folder or a bucket failed. The text of the error says what to do, and contains no secret.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{place}, {doing}: {detail}. {}", .kind.remedy())]
pub struct PictureStoreError {
    kind: PictureStoreErrorKind,
    place: String,
    doing: &'static str,
    detail: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureStoreErrorKind {
    /// The storage does not know the id of the access key.
    UnknownKey,
    /// The signature does not match: the secret belongs to another access key.
    WrongSecret,
    /// The clocks of this machine and of the storage differ too much.
    WrongClock,
    /// The bucket does not exist.
    NoBucket,
    /// The access key lacks a right, or the folder belongs to another user.
    NotAllowed,
    /// The bucket is in another region.
    WrongRegion,
    /// The disk is full.
    Full,
    /// The folder or its parent does not exist.
    NoFolder,
    /// The storage cannot be reached, or did not answer in time.
    Unreachable,
    /// The storage answers that it is busy or has failed.
    Busy,
    /// A written picture could not be read back.
    Lost,
    /// Another reason, which the text of the error gives.
    Other,
}

impl PictureStoreErrorKind {
    /// What the operator should do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::UnknownKey => "AWS_ACCESS_KEY_ID is not a key of this storage: copy it again",
            Self::WrongSecret => {
                "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID: copy both again"
            }
            Self::WrongClock => {
                "The clocks of this machine and of the storage differ: set this machine's clock (timedatectl)"
            }
            Self::NoBucket => "Create the bucket, or correct its name in SHOP_PICTURES",
            Self::NotAllowed => {
                "Give the key of AWS_ACCESS_KEY_ID the rights to put, get, delete and list (a bucket), or the user that runs the \
                 server the right to write (a folder)"
            }
            Self::WrongRegion => "The bucket is in another region: correct AWS_REGION and AWS_ENDPOINT_URL",
            Self::Full => "The disk is full: make room",
            Self::NoFolder => "Create the folder, or mount its disk",
            Self::Unreachable => {
                "Check that the storage runs, and AWS_ENDPOINT_URL, DNS, the firewall and the certificate authorities"
            }
            Self::Busy => {
                "The storage is busy or has failed: try again in some minutes, and look at its own log"
            }
            Self::Lost => "The storage took a picture and did not give it back: look at its own log",
            Self::Other => "See docs/operations.md, Pictures",
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        match refusal.code.as_str() {
            "InvalidAccessKeyId" => Self::UnknownKey,
            "SignatureDoesNotMatch" => Self::WrongSecret,
            "RequestTimeTooSkewed" | "RequestExpired" => Self::WrongClock,
            "NoSuchBucket" => Self::NoBucket,
            "PermanentRedirect"
            | "TemporaryRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException" => Self::WrongRegion,
            _ if refusal.may_succeed_later() => Self::Busy,
            _ if [401, 403].contains(&refusal.status.as_u16()) => Self::NotAllowed,
            _ if refusal.status.is_redirection() => Self::WrongRegion,
            _ => Self::Other,
        }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some(Self::NotAllowed),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(Self::Full),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Some(Self::NoFolder),
            _ => None,
        }
    }
}

impl PictureStoreError {
    pub(crate) fn of(error: object_store::Error, place: &str, doing: &'static str) -> Self {
        let mut kind = PictureStoreErrorKind::Other;
        let mut detail = error.to_string();
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(found) = cause {
            if let Some(refusal) = found.downcast_ref::<Refusal>() {
                kind = PictureStoreErrorKind::of_refusal(refusal);
                detail = refusal.to_string();
                break;
            }
            if let Some(failed) = found.downcast_ref::<HttpError>() {
                kind = match failed.kind() {
                    HttpErrorKind::Unknown | HttpErrorKind::Decode => PictureStoreErrorKind::Other,
                    _ => PictureStoreErrorKind::Unreachable,
                };
            }
            if let Some(known) = found.downcast_ref().and_then(PictureStoreErrorKind::of_io) {
                kind = known;
            }
            // the innermost cause contains no addresses
            detail = found.to_string();
            cause = found.source();
        }
        Self { kind, place: place.to_owned(), doing, detail }
    }

    pub(crate) fn late(place: &str, doing: &'static str) -> Self {
        let detail = "no answer in time".to_owned();
        Self { kind: PictureStoreErrorKind::Unreachable, place: place.to_owned(), doing, detail }
    }

    pub(crate) fn lost(place: &str) -> Self {
        let detail = "what was written is not there".to_owned();
        Self { kind: PictureStoreErrorKind::Lost, place: place.to_owned(), doing: "reading", detail }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> PictureStoreErrorKind {
        self.kind
    }

    /// The text of the error, without the advice.
    #[must_use]
    pub fn what(&self) -> String {
        format!("{}, {}: {}", self.place, self.doing, self.detail)
    }
}
