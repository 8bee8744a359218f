use shop::{StaffMail, Webhook};

use super::{CheckContext, Finding};

/// Checks the messages to staff: the form of the robot's address, and the login at the mail server. It sends nothing.
pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let staff = &context.config.shop.messages.staff;
    let mut found: Vec<_> = staff.webhook.iter().map(robot).collect();
    if let Some(server) = &staff.mail {
        found.push(mail(server).await);
    }
    found
}

fn robot(webhook: &Webhook) -> Finding {
    const CHECK: &str = "staff's robot";
    if webhook.is_complete() {
        return Finding::ok(CHECK, format!("{}: `docs/operations.md` says how to try it", webhook.host()));
    }
    Finding::wrong(
        CHECK,
        "SHOP_STAFF_WEBHOOK has no key",
        "copy the whole address: WeCom → the group → 群机器人 → Webhook 地址, it ends with ?key=…",
    )
}

async fn mail(server: &StaffMail) -> Finding {
    const CHECK: &str = "staff's mail";
    match server.check().await {
        Ok(()) => Finding::ok(CHECK, format!("{} takes the login", server.host)),
        Err(why) => Finding::wrong(
            CHECK,
            format!("{} does not take the login: {why}", server.host),
            "check SHOP_STAFF_MAIL_SERVER (host and port), SHOP_STAFF_MAIL_USER and SHOP_STAFF_MAIL_PASSWORD; many providers \
             have a separate password for SMTP (授权码)",
        ),
    }
}
