//! The words and sentences of the console, in both languages.

use model::{
    admin::OrderView,
    after_sale::{AfterSaleKind, AfterSaleState},
    discrepancy::DiscrepancyKind,
    event::{EventKind, EventSource},
    order::{OrderKind, OrderState, Standing},
    payment::AttemptState,
    refund::RefundState,
};
use shop::{Role, ShopError, order_words};

use super::language::{t, tf, translate};

/// The sentence of an error.
#[must_use]
pub fn sentence(error: &ShopError) -> &'static str {
    translate(error.sentence())
}

pub(super) fn kind_word(kind: OrderKind) -> &'static str {
    translate(order_words::kind_word(kind))
}

pub(super) fn state_word(state: OrderState) -> &'static str {
    translate(order_words::state_word(state))
}

pub(super) fn standing_word(standing: Standing) -> Option<&'static str> {
    order_words::standing_word(standing).map(translate)
}

pub(super) fn view_word(view: OrderView) -> &'static str {
    translate(order_words::view_word(view))
}

/// The name of this count on all pages: the orders of goods that were paid in the period.
pub(super) fn paid_orders_word() -> &'static str {
    t("支付订单数（不含充值）", "Paid orders (without top-ups)")
}

pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => t("店主", "Owner"),
        Role::Clerk => t("店员", "Clerk"),
        Role::Reader => t("只读", "Read-only"),
        Role::Shipping => t("发货员", "Shipping"),
    }
}

pub(super) fn attempt_word(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Open => t("可支付", "Payable"),
        AttemptState::Paid => t("已支付", "Paid"),
        AttemptState::Closed => t("已关闭", "Closed"),
    }
}

pub(super) fn refund_word(state: RefundState) -> &'static str {
    match state {
        RefundState::Requested => t("等待微信受理", "Waiting for WeChat"),
        RefundState::Processing => t("退款中", "Refunding"),
        RefundState::Success => t("已退款", "Refunded"),
        RefundState::Closed => t("已关闭", "Closed"),
        RefundState::Abnormal => t("退款异常", "Refund failed"),
    }
}

pub(super) fn after_sale_kind_word(kind: AfterSaleKind) -> &'static str {
    match kind {
        AfterSaleKind::RefundOnly => t("仅退款", "Refund only"),
        AfterSaleKind::Return => t("退货退款", "Return and refund"),
    }
}

pub(super) fn after_sale_state_word(state: AfterSaleState) -> &'static str {
    match state {
        AfterSaleState::Requested => t("待处理", "To do"),
        AfterSaleState::Returning => t("待买家寄回", "Waiting for the buyer"),
        AfterSaleState::Returned => t("买家已寄回", "Sent back"),
        AfterSaleState::Received => t("已收到退货，待退款", "Goods received, to refund"),
        AfterSaleState::Refunding => t("退款中", "Refunding"),
        AfterSaleState::Refunded => t("已退款", "Refunded"),
        AfterSaleState::Declined => t("已拒绝", "Declined"),
        AfterSaleState::Failed => t("退款没有成功", "The refund did not succeed"),
        AfterSaleState::Withdrawn => t("买家已撤销", "Withdrawn by the buyer"),
        AfterSaleState::Expired => t("买家没有按时寄回", "Not sent back in time"),
    }
}

/// The name of an order's event.
pub(super) fn event_word(what: EventKind) -> &'static str {
    match what {
        EventKind::Placed => t("下单", "Order placed"),
        EventKind::AttemptStarted => t("发起支付", "Payment started"),
        EventKind::AttemptClosed => t("支付单关闭", "Payment attempt closed"),
        EventKind::StockReleased => t("未付款，库存已放回", "Not paid, stock released"),
        EventKind::StockHeldAgain => t("重新占用库存", "Stock held again"),
        EventKind::Prepaid => t("微信已受理", "Accepted by WeChat"),
        EventKind::Paid => t("支付成功", "Paid"),
        EventKind::RefundDelayed => t("退款推迟", "Refund delayed"),
        EventKind::CloseRequested => t("申请关闭", "Close requested"),
        EventKind::Closed => t("已关闭", "Closed"),
        EventKind::DeliveryChosen => t("填写收货信息", "Delivery chosen"),
        EventKind::Shipped => t("发货", "Shipped"),
        EventKind::ShipmentCorrected => t("修改物流", "Parcel corrected"),
        EventKind::ParcelAdded => t("追加包裹", "Further parcel"),
        EventKind::Received => t("收货", "Received"),
        EventKind::ReportAccepted => t("发货信息已录入微信", "Delivery reported to WeChat"),
        EventKind::ReportRefused => t("微信拒绝发货信息", "WeChat refused the report of the delivery"),
        EventKind::RefundWanted => t("买家申请售后", "After-sale requested by the buyer"),
        EventKind::RefundWithdrawn => t("买家撤销售后申请", "After-sale withdrawn by the buyer"),
        EventKind::RefundDeclined => t("拒绝售后申请", "After-sale declined"),
        EventKind::ReturnAgreed => t("同意退货", "Return agreed"),
        EventKind::GoodsSentBack => t("买家寄回商品", "Goods sent back by the buyer"),
        EventKind::ReturnReceived => t("收到退货", "Returned goods received"),
        EventKind::ReturnExpired => t("买家没有按时寄回", "Goods not sent back in time"),
        EventKind::RefundRequested => t("发起退款", "Refund started"),
        EventKind::RefundAccepted => t("微信受理退款", "Refund accepted by WeChat"),
        EventKind::RefundSucceeded => t("退款成功", "Refunded"),
        EventKind::RefundClosed => t("退款关闭", "Refund closed"),
        EventKind::RefundAbnormal => t("退款异常", "Refund failed"),
        EventKind::RefundElsewhere => t("商户平台退款", "Refunded in the merchant platform"),
        EventKind::ShippingOverdue => t("超过 48 小时未发货", "Not shipped for 48 hours"),
        EventKind::DeliveryReported => t("微信已收到发货信息", "WeChat knows the delivery"),
        EventKind::Settled => t("货款已结算", "Money settled"),
        EventKind::Restocked => t("商品放回库存", "Goods returned to stock"),
        EventKind::SheetReported => {
            t("支付页返回结果", "Result of the payment sheet, as the phone reported it")
        }
        EventKind::SecondPayment => t("重复支付", "Paid twice"),
        EventKind::PaidAfterClose => t("关闭后支付", "Paid after the close"),
    }
}

/// The name of the source of an event.
pub(super) fn source_word(who: EventSource) -> &'static str {
    match who {
        EventSource::Shopper => t("买家", "Buyer"),
        EventSource::Merchant => t("商家", "Shop staff"),
        EventSource::Wechat => t("微信", "WeChat"),
        EventSource::Notification => t("微信通知", "WeChat notification"),
        EventSource::Query => t("查询微信", "Query to WeChat"),
        EventSource::Bill => t("微信账单", "WeChat bill"),
        EventSource::Shop | EventSource::Clock => t("系统", "System"),
        EventSource::Close => t("微信关单", "Close at WeChat"),
        EventSource::Import => t("导入", "Import"),
        EventSource::Push => t("微信消息推送", "WeChat message"),
    }
}

/// The notice after a successful action. `done` is a word, or a word and a number such as `imported-6`.
pub(super) fn notice(done: &str) -> Option<String> {
    if let Some(lines) = done.strip_prefix("imported-").and_then(|lines| lines.parse::<u32>().ok()) {
        return Some(tf!("已导入 {lines} 行", "Imported lines: {lines}"));
    }
    fixed_notice(done).map(str::to_owned)
}

fn fixed_notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "shipped" => t("已发货", "Shipped"),
        "corrected" => t("物流信息已修改", "The parcel was corrected."),
        "address" => t("地址已修改", "The address is changed."),
        "handed-over" => t("买家已取货", "The buyer has collected it"),
        "finished" => t("已记录：没有其他包裹", "Recorded: no parcel follows"),
        "reporting" => t("正在重新录入，请稍后刷新", "The shop reports it again. Please reload in a moment."),
        "refund" => t("退款已提交，结果以微信为准", "The refund was sent. WeChat decides its result."),
        "granted" => t("已同意，退款已提交", "Granted. The refund was sent."),
        "agreed" => t("已同意，等待买家寄回", "Agreed. The buyer has to send the goods."),
        "received" => t("已确认收货，请验货后退款", "Recorded. Please check the goods, then refund."),
        "redirected" => {
            t("已提交微信，结果见下方的退款状态", "Sent to WeChat. See the state of the refund below.")
        }
        "declined" => t("已拒绝，买家会看到您的回复", "Declined. The buyer can read your answer."),
        "answered" => t("已提交，结果以微信为准，见下方", "Submitted. WeChat decides its result: see below."),
        "erased" => t("买家信息已删除，订单保留", "The buyer's data was erased. The order stays."),
        "invoice" => t("已标记为已开票", "Marked as issued."),
        "saved" => t("已保存", "Saved."),
        "saved_without_emoji" => t(
            "已保存。微信支付不支持表情符号，买家付款时看到的名称会省略它们",
            "Saved. WeChat Pay does not support emoji, so the name on the payment sheet leaves them out.",
        ),
        "added" => t("已新增，确认无误后请上架", "Added. Check it, then put it on sale."),
        "stock" => t("库存已调整", "The stock was corrected."),
        "on" => t("已上架", "On sale now."),
        "off" => t("已下架，买家不能再下单", "Off sale. Buyers cannot order it."),
        "archived" => t("已删除，买过它的订单不受影响", "Deleted. Orders that hold it stay as they are."),
        "restored" => t("已恢复，确认后请上架", "Restored. Check it, then put it on sale."),
        "options" => {
            t("选项已保存，缺少的组合已新增", "The options were saved, and the missing combinations added.")
        }
        "picture" => t("图片已更换", "The picture was replaced."),
        "pictures" => t("商品图片已更新", "The pictures were updated."),
        "resolved" => t("已记录处理结果", "The result was recorded."),
        "role" => t("角色已修改，对方需要重新登录", "The role was changed. This person must sign in again."),
        "password" => t("密码已修改，请重新登录", "The password was changed. Please sign in again."),
        "account" => t("账号已设置，请登录", "The account is set up. Please sign in."),
        "factor" => t("动态验证码已设置，请重新登录", "The one-time code is set up. Please sign in again."),
        "removed" => t("已移除", "Removed."),
        "session-ended" => t("这个登录已结束", "This session has ended."),
        "signed-out" => t("对方的设备已全部下线", "All sessions of this person have ended."),
        _ => return None,
    })
}

/// The title of a kind of discrepancy, and what staff must do.
pub(super) fn discrepancy_words(kind: DiscrepancyKind) -> (&'static str, &'static str) {
    match kind {
        DiscrepancyKind::UnknownOrder => (
            t("未知订单的付款", "Payment of an unknown order"),
            t(
                "可能是其他系统共用了商户号，或数据库早于这笔付款：请在商户平台按商户订单号查找，恢复数据或在那里退款",
                "Another system may share the merchant number, or the database is older than this payment. Find its out_trade_no in the merchant platform, then restore the data or refund it there.",
            ),
        ),
        DiscrepancyKind::OtherAmount | DiscrepancyKind::OtherCurrency => (
            t("付款金额或币种不符", "Payment with another amount or currency"),
            t(
                "收到的钱与要求的不同：请在商户平台退款，并查明谁能改动订单",
                "The money received differs from the price. Refund it in the merchant platform, and find out who can change orders.",
            ),
        ),
        DiscrepancyKind::OtherAppid | DiscrepancyKind::OtherMchId => (
            t("通知属于其他账号", "Notification of another account"),
            t(
                "请让技术人员更正那个账号的通知地址（notify_url）",
                "Let a technician correct the notify_url of that account.",
            ),
        ),
        DiscrepancyKind::BadTransactionId
        | DiscrepancyKind::UnusableNotification
        | DiscrepancyKind::UnknownEvent => (
            t("无法识别的通知", "Unreadable notification"),
            t(
                "请把下面的微信通知原文交给技术人员；微信可能改了格式，需要升级小店",
                "Give WeChat's message below to a technician. WeChat may have changed its format: update the shop's program.",
            ),
        ),
        DiscrepancyKind::SecondTransactionId => (
            t("同一单号付了两次", "One number was paid twice"),
            t("请在商户平台退掉第二笔", "Refund the second payment in the merchant platform."),
        ),
        DiscrepancyKind::SecondPayment => (
            t("同一订单付了两次", "An order was paid twice"),
            t(
                "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款",
                "The shop refunds it, and then this entry is resolved. If the refund fails, refund this payment on the order's page.",
            ),
        ),
        DiscrepancyKind::PaidAfterClose => (
            t("关闭后又付款", "Paid after the close"),
            t(
                "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款",
                "The shop refunds it, and then this entry is resolved. If the refund fails, refund this payment on the order's page.",
            ),
        ),
        DiscrepancyKind::RefundOfUnknownOrder => (
            t("未知订单的退款", "Refund of an unknown order"),
            t("其他系统的退款，无需处理", "A refund of another system: nothing to do."),
        ),
        DiscrepancyKind::OtherRefundAmount
        | DiscrepancyKind::RefundContradiction
        | DiscrepancyKind::RefundExceedsPayment => (
            t("退款与账不符", "Refund that does not fit the books"),
            t(
                "请对照商户平台与本店的账，更正有误的一方",
                "Compare the merchant platform with this shop's books, and correct the wrong side.",
            ),
        ),
        DiscrepancyKind::RefundStuck => (
            t("退款迟迟没有完成", "A refund takes too long"),
            t(
                "原因见说明：请为商户号充值、更换过期的证书或更正密钥；小店会用同一退款单号继续申请",
                "See the reason under “Details”: add money to the merchant account, replace the expired certificate or correct the key. The shop asks again with the same refund number.",
            ),
        ),
        DiscrepancyKind::RefundClosed => (
            t("退款没有成功", "A refund did not succeed"),
            t(
                "钱没有退给买家。“说明”里没有原因时，请在商户平台的“退款查询”按退款单号查看；然后在订单页面重新退款，退款成功后自动结清",
                "The buyer did not get the money. If “Details” give no reason, look up the refund number in the merchant platform (退款查询). Then refund again on the order's page: this entry is resolved when that refund succeeds.",
            ),
        ),
        DiscrepancyKind::RefundsUnknown => (
            t("已在别处退款，金额未知", "Refunded elsewhere, amount unknown"),
            t(
                "请在商户平台查看退款金额；在每日账单补记退款、或您将本差异标记为已处理之前，订单不能发货",
                "Look up the amount in the merchant platform. The order cannot be shipped until the daily bill brings the refund or you mark this entry as resolved.",
            ),
        ),
        DiscrepancyKind::RefundNotificationWithoutKey => (
            t("无法读取的退款通知", "Refund notification without a key"),
            t(
                "请让技术人员设置 APIv2 密钥（WECHAT_API_V2_KEY）：没有它，在商户平台做的退款要等每日账单才能记账",
                "Let a technician set the APIv2 key (WECHAT_API_V2_KEY). Without it, refunds of the merchant platform are booked only with the daily bill.",
            ),
        ),
        DiscrepancyKind::RestockAfterShipment => (
            t("退款的订单已发货", "Refunded order was shipped"),
            t(
                "商品没有放回库存：请确认商品在哪里，并调整库存",
                "The goods did not return to stock. Find out where they are, and correct the stock.",
            ),
        ),
        DiscrepancyKind::RefundAbnormal => (
            t("退款异常", "Refund failed"),
            t(
                "买家的付款账户收不了款：请打开订单页面，按“退款异常”一栏处理；切勿再退一次",
                "The buyer's account cannot receive the money. Open the order's page and do what “Abnormal refund” says there. Do not refund again.",
            ),
        ),
        DiscrepancyKind::RefundedTopUpWasSpent => (
            t("已用掉的充值被退款", "A spent top-up was refunded"),
            t("买家已花掉被退的余额，请与买家协商", "The buyer has spent this balance. Talk to the buyer."),
        ),
        DiscrepancyKind::BillUnpaidOnBooks => (
            t("账单有、账上未付", "Paid in the bill, not in the books"),
            t(
                "已向微信查询并记账；若仍未解决请人工核对",
                "The shop asked WeChat and booked it. If this stays open, check it by hand.",
            ),
        ),
        DiscrepancyKind::BillAmount | DiscrepancyKind::BillRefundAmount => (
            t("账单金额不符", "The bill has another amount"),
            t("请与商户平台核对两边金额", "Compare both amounts with the merchant platform."),
        ),
        DiscrepancyKind::BillMissingPayment | DiscrepancyKind::BillMissingRefund => (
            t("账单缺少记录", "Missing in the bill"),
            t(
                "微信账单里没有账上的这一笔：请带上微信支付单号联系微信支付客服",
                "WeChat's bill does not have this entry of the books. Contact WeChat Pay with the transaction_id.",
            ),
        ),
        DiscrepancyKind::BillRefundState
        | DiscrepancyKind::BillTradeState
        | DiscrepancyKind::BillTransactionId => (
            t("账单状态不符", "The bill has another state"),
            t(
                "已向微信查询，账上仍不一致：请与商户平台核对",
                "The shop asked WeChat, and the books still differ. Compare them with the merchant platform.",
            ),
        ),
        DiscrepancyKind::BillUnreadableRow => (
            t("账单中有一行无法读取", "A line of the bill is unreadable"),
            t(
                "其余各行已核对；这一行多半属于共用商户号的其他系统，请在商户平台查看",
                "The other lines were checked. This one probably belongs to another system with the same merchant number: look it up in the merchant platform.",
            ),
        ),
        DiscrepancyKind::BillUnknownRefund => (
            t("账单有未知退款", "Unknown refund in the bill"),
            t(
                "已查询并补记；若仍未解决请人工核对",
                "The shop asked WeChat and booked it. If this stays open, check it by hand.",
            ),
        ),
        DiscrepancyKind::UnknownTradeState => (
            t("无法识别的交易状态", "Unknown trade state"),
            t(
                "请在商户平台查看这笔订单；小店会继续查询；若那里已支付，需要升级小店",
                "Look up this order in the merchant platform. The shop keeps asking. If it is paid there, update the shop's program.",
            ),
        ),
    }
}

/// A time in Shanghai, `2026-11-21 12:30:05`, from milliseconds since 1970.
pub(super) fn time(ms: i64) -> String {
    shop::shanghai(ms).strftime("%F %T").to_string()
}
