use super::column::text;
use crate::{KnownOpenId, StoreError, driver::Row};

/// Reads openids of shoppers whose unionid is known, as [`openid`] takes them.
pub(crate) const OPENID: &str = "SELECT o.openid, o.appid, o.shopper, s.unionid FROM shopper_openids o JOIN shoppers s ON s.id = o.shopper";

pub(crate) fn openid(row: &Row) -> Result<KnownOpenId, StoreError> {
    Ok(KnownOpenId {
        openid: text(row, "openid")?,
        appid: text(row, "appid")?,
        shopper: text(row, "shopper")?,
        unionid: text(row, "unionid")?,
    })
}
