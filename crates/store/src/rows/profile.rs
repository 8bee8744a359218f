use model::record::ProfileRecord;
use sqlx::any::AnyRow;

use super::column::{text, value};
use crate::StoreError;

/// The columns of `profiles`, as [`profile`] reads them.
pub(crate) const PROFILE: &str = "openid, nickname, headimgurl, at_ms";

pub(crate) fn profile(row: &AnyRow) -> Result<ProfileRecord, StoreError> {
    Ok(ProfileRecord {
        openid: text(row, "openid")?,
        nickname: text(row, "nickname")?,
        headimgurl: text(row, "headimgurl")?,
        at_ms: value(row, "at_ms")?,
    })
}
