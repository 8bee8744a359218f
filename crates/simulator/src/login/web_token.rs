//! The token of a login, for one user.

use serde::{Deserialize, Serialize};

use super::{ApiError, Code};
use crate::{
    clock::{DAY, HOUR, Millis},
    random,
};

const LIFETIME: Millis = 2 * HOUR;
const REFRESH_LIFETIME: Millis = 30 * DAY;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WebToken {
    pub(crate) appid: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) openid: String,
    pub(crate) scope: String,
    pub(crate) snapshot: bool,
    expires_at: Millis,
    refresh_expires_at: Millis,
}

impl WebToken {
    pub(super) fn new(code: &Code, now: Millis) -> Self {
        Self {
            appid: code.appid.clone(),
            access_token: random::alphanumeric(90),
            refresh_token: random::alphanumeric(90),
            openid: code.openid.clone(),
            scope: code.scope.clone(),
            snapshot: code.snapshot,
            expires_at: now + LIFETIME,
            refresh_expires_at: now + REFRESH_LIFETIME,
        }
    }

    /// Extends a valid token and replaces an expired one. The refresh token stays the same.
    pub(super) fn refresh(&mut self, now: Millis) -> Result<(), ApiError> {
        if now >= self.refresh_expires_at {
            return Err(ApiError::REFRESH_TOKEN_EXPIRED);
        }
        if now >= self.expires_at {
            self.access_token = random::alphanumeric(90);
        }
        self.expires_at = now + LIFETIME;
        Ok(())
    }

    /// Whether the user has agreed to share name, picture and unionid.
    pub(super) fn may_read_profile(&self) -> bool {
        ["snsapi_userinfo", "snsapi_login"].contains(&self.scope.as_str())
    }

    pub(super) fn check(&self, openid: &str, now: Millis) -> Result<(), ApiError> {
        if now >= self.expires_at {
            return Err(ApiError::TOKEN_EXPIRED);
        }
        if self.openid == openid { Ok(()) } else { Err(ApiError::OPENID) }
    }
}
