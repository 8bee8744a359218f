//! `POST /payitil/report` (wechat-protocol.md, 4.9): the merchant's report about the speed of the interface.

use wechat::wire::Fields;

use super::{Refusal, Request};
use crate::app_state::AppState;

pub(super) fn call(_: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let batch = request.get("trades").is_some();
    let single = request.get("execute_time_").is_some() && request.get("return_code").is_some();
    if batch || single {
        Ok(Fields::new())
    } else {
        Err(Refusal::Communication("缺少参数trades".to_owned()))
    }
}
