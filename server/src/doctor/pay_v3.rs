use wechat::{
    ErrorKind,
    bill::{BillDate, BillType},
    pay::v3::KeyRing,
};

use super::{CheckContext, Finding, NO_ORDER, advice};
use crate::startup;

const DAY_S: i64 = 86_400;

pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    const CERTIFICATES: &str = "V3 platform certificates";
    let wechat = &context.config.wechat;
    let keys = KeyRing::new();
    let Some(client) = startup::v3_client(wechat, &context.http, &keys, &wechat.appid) else {
        return Vec::new();
    };
    let certificates = client.update_certificates().await;
    let unreachable = matches!(&certificates, Err(error) if error.kind() == ErrorKind::Transport);
    let mut found = vec![match certificates {
        Ok(0) => Finding::ok(
            CERTIFICATES,
            "none, as for every newer merchant: the 微信支付公钥 counts; the APIv3密钥 shows itself with the first notification",
        ),
        Ok(count) => Finding::ok(CERTIFICATES, format!("{count}, and the APIv3密钥 opens them")),
        Err(error) => advice::pay_v3(CERTIFICATES, &error),
    }];
    if unreachable {
        return found;
    }
    found.push(match client.query_by_out_trade_no(NO_ORDER).await {
        Ok(_) => Finding::ok("V3 query", "signed and answered"),
        Err(error) if error.is_order_not_exist() => Finding::ok("V3 query", "signed and answered"),
        Err(error) => advice::pay_v3("V3 query", &error),
    });
    let yesterday = BillDate::of(context.now_s() - DAY_S);
    found.push(match client.tradebill(yesterday, BillType::All).await {
        Ok(file) => Finding::ok("V3 bill", format!("{yesterday}: {} bytes", file.len())),
        Err(error) if error.is_no_bill() => Finding::ok("V3 bill", format!("{yesterday}: no trade")),
        Err(error) if error.is_bill_creating() => {
            Finding::ok("V3 bill", format!("{yesterday}: there from ten o'clock on"))
        }
        Err(error) => advice::pay_v3("V3 bill", &error),
    });
    found
}
