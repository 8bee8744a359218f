use model::record::ProfileRecord;

use super::column::{number, text};
use crate::{StoreError, driver::Row};

/// The columns of `profiles`, as [`profile`] reads them.
pub(crate) const PROFILE: &str = "openid, nickname, headimgurl, at_ms";

pub(crate) fn profile(row: &Row) -> Result<ProfileRecord, StoreError> {
    Ok(ProfileRecord {
        openid: text(row, "openid")?,
        nickname: text(row, "nickname")?,
        headimgurl: text(row, "headimgurl")?,
        at_ms: number(row, "at_ms")?,
    })
}
