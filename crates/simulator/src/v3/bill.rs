//! `GET /v3/bill/tradebill`, `/v3/bill/fundflowbill` and `/v3/billdownload/file` (wechat-protocol.md, 5.7).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use sha1::{Digest, Sha1};

use super::{Answer, Request, V3Error, partner};
use crate::{
    app_state::AppState,
    bill::{Account, BillRequest, BillUnavailable, Download, Kind, TradeKind, gzip_file},
    clock::{self, SECOND},
    random,
};

pub(super) fn trade(app: &AppState, request: &Request<'_>) -> Answer {
    let kind = match request.query.get("bill_type").unwrap_or("ALL") {
        // only V2 has this kind
        "RECHARGE_REFUND" => None,
        word => TradeKind::parse(word),
    };
    let kind = kind.ok_or_else(|| V3Error::param("bill_type参数错误"))?;
    ask(app, request, Kind::Trade(kind))
}

pub(super) fn fund_flow(app: &AppState, request: &Request<'_>) -> Answer {
    let account = match request.query.get("account_type").unwrap_or("BASIC") {
        word if word.bytes().all(|byte| byte.is_ascii_uppercase()) => Account::parse(word),
        _ => None,
    };
    let account = account.ok_or_else(|| V3Error::param("account_type参数错误"))?;
    ask(app, request, Kind::FundFlow(account))
}

fn ask(app: &AppState, request: &Request<'_>, kind: Kind) -> Answer {
    let date = request.query.get("bill_date").ok_or_else(|| V3Error::param("缺少参数bill_date"))?;
    let day = clock::parse_day("%Y-%m-%d", date).ok_or_else(|| V3Error::param("bill_date参数格式错误"))?;
    let gzip = match request.query.get("tar_type") {
        None => false,
        Some("GZIP") => true,
        Some(_) => return Err(V3Error::param("tar_type参数错误")),
    };
    let now = app.clock.now();
    let sub_mch_id = request.query.get("sub_mchid");
    if let Some(number) = sub_mch_id {
        partner::check_sub_merchant(request.merchant(), number)?;
    }
    let (mch_id, sub_mch_id) = (request.mch_id().to_owned(), sub_mch_id.map(str::to_owned));
    let bill_request = BillRequest { mch_id, sub_mch_id, day, kind, gzip };
    let mut db = app.database_mut();
    let file = bill_request.file(&db, now).map_err(refusal)?;
    let token = random::alphanumeric(64);
    db.downloads.insert(token.clone(), Download { request: bill_request, issued_at: now });
    Ok(Some(json!({
        "hash_type": "SHA1",
        // WeChat hashes the uncompressed file
        "hash_value": hex::encode(Sha1::digest(file.as_bytes())),
        "download_url": request.base_url.url(&format!("/v3/billdownload/file?token={token}")),
    })))
}

fn refusal(why: BillUnavailable) -> V3Error {
    let (code, message) = match why {
        BillUnavailable::None => ("NO_STATEMENT_EXIST", "账单文件不存在"),
        BillUnavailable::Creating => ("STATEMENT_CREATING", "账单生成中"),
    };
    V3Error::new(StatusCode::BAD_REQUEST, code, message, 268_435_464)
}

/// The file. This response is not signed.
pub(super) fn download(app: &AppState, request: &Request<'_>) -> Result<Response, V3Error> {
    let gone = || {
        V3Error::new(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST",
            "账单下载地址无效或已过期，请重新申请",
            268_435_464,
        )
    };
    let token = request.query.get("token").ok_or_else(|| V3Error::param("缺少参数token"))?;
    let now = app.clock.now();
    let lives = i64::from(app.settings().bill_url_s) * SECOND;
    let db = app.database();
    let download = db.downloads.get(token).filter(|known| known.request.mch_id == request.mch_id());
    let Download { request: bill_request, issued_at } = download.ok_or_else(gone)?;
    if now >= issued_at + lives {
        return Err(gone());
    }
    let file = bill_request.file(&db, now).map_err(refusal)?;
    Ok(if bill_request.gzip {
        ([(header::CONTENT_TYPE, "application/x-gzip")], gzip_file(&file)).into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], file).into_response()
    })
}
