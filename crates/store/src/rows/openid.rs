use super::column::text;
use crate::{KnownOpenId, StoreError, driver::Row};

/// The statement whose rows [`openid`] reads: openids whose unionid is known.
pub(crate) const OPENID: &str = "SELECT o.openid, o.appid, o.shopper, s.unionid FROM shopper_openids o JOIN shoppers s ON s.id = o.shopper";

pub(crate) fn openid(row: &Row) -> Result<KnownOpenId, StoreError> {
    Ok(KnownOpenId {
        openid: text(row, "openid")?,
        appid: text(row, "appid")?,
        shopper: text(row, "shopper")?,
        unionid: text(row, "unionid")?,
    })
}
