//! Writes profiles of shoppers, and the audit log.

use super::UnitOfWork;
use crate::{
    StoreError,
    bulk::insert,
    driver::{Connection, Value, text},
};

pub(super) async fn profiles(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let rows: Vec<_> = unit
        .profiles
        .values()
        .map(|profile| {
            [
                text(&profile.openid),
                text(&profile.nickname),
                text(&profile.headimgurl),
                Value::Number(profile.at_ms),
            ]
        })
        .collect();
    let head = "INSERT INTO profiles (openid, nickname, headimgurl, at_ms)";
    let tail = "ON CONFLICT (openid) DO UPDATE SET nickname = excluded.nickname, \
                headimgurl = excluded.headimgurl, at_ms = excluded.at_ms";
    insert(connection, "writing profiles", head, rows, tail).await?;
    for openid in &unit.deleted_profiles {
        let sql = "DELETE FROM profiles WHERE openid = $1";
        connection.execute("deleting a profile", sql, vec![text(openid)]).await?;
    }
    Ok(())
}

pub(super) async fn audits(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    let rows: Vec<_> = unit
        .audits
        .iter()
        .map(|row| {
            [text(&row.id), Value::Number(row.at_ms), text(&row.who), text(row.what), text(&row.detail)]
        })
        .collect();
    let head = "INSERT INTO audit (id, at_ms, who, what, detail)";
    insert(connection, "writing the audit", head, rows, "").await
}
