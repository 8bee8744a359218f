use shop::PayApi;
use wechat::{
    Error, ErrorKind,
    bill::{AccountType, BillDate, BillType},
    pay::v2::Client,
    wire::sign::SignType,
};

use super::{
    CheckContext, Finding, NO_ORDER,
    advice::{self, API_SAFETY},
};
use crate::startup;

const DAY_S: i64 = 86_400;

pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let wechat = &context.config.wechat;
    let certified = startup::certified(wechat);
    let redacted = certified.as_ref().ok().and_then(Option::as_ref);
    let Some(client) = startup::v2_client(wechat, &context.http, redacted, &wechat.appid) else {
        return Vec::new();
    };
    let sign_type = match wechat.pay_api {
        PayApi::V2(model::payment::SignType::Md5) => SignType::Md5,
        PayApi::V2(model::payment::SignType::HmacSha256) | PayApi::V3 => SignType::HmacSha256,
    };
    let query = query(&client, sign_type).await;
    let unreachable = matches!(&query, Err(error) if error.kind() == ErrorKind::Transport);
    let mut found = vec![match query {
        Ok(()) => Finding::ok("V2 query", "signed and answered"),
        Err(error) => advice::pay_v2("V2 query", &error),
    }];
    if unreachable {
        return found;
    }
    let yesterday = BillDate::of(context.now_s() - DAY_S);
    let bill = client.downloadbill(yesterday, BillType::All, sign_type).await;
    found.push(of_bill("V2 bill", yesterday, bill));
    const CERTIFICATE: &str = "V2 refunds' certificate";
    found.push(match certified {
        Ok(Some(_)) => {
            // this call needs the same certificate as a refund, and it changes nothing
            let flow = client.downloadfundflow(yesterday, AccountType::Basic).await;
            of_bill(CERTIFICATE, yesterday, flow)
        }
        Ok(None) => Finding::warning(
            CERTIFICATE,
            "without it nothing can be refunded over V2",
            format!("set WECHAT_MERCHANT_CERT_FILE and WECHAT_MERCHANT_KEY_FILE: {API_SAFETY} → 商户API证书"),
        ),
        Err(error) => Finding::wrong(
            CERTIFICATE,
            error.to_string(),
            format!("take both files of the same application: {API_SAFETY} → 商户API证书"),
        ),
    });
    found
}

/// Queries an order that cannot exist. The expected answer is that it does not exist.
async fn query(client: &Client, sign_type: SignType) -> Result<(), Error> {
    match client.orderquery(NO_ORDER, sign_type).await {
        Err(error) if !error.is_order_not_exist() => Err(error),
        _ => Ok(()),
    }
}

fn of_bill(check: &'static str, day: BillDate, bill: Result<Vec<u8>, Error>) -> Finding {
    match bill {
        Ok(file) => Finding::ok(check, format!("{day}: {} bytes", file.len())),
        Err(error) if error.is_no_bill() => Finding::ok(check, format!("{day}: no trade")),
        Err(error) if error.is_bill_creating() => {
            Finding::ok(check, format!("{day}: there from ten o'clock on"))
        }
        Err(error) => advice::pay_v2(check, &error),
    }
}
