//! The messages that staff read.

use model::{
    order::{OrderKind, OrderState, Standing},
    refund::RefundState,
};
use shop::{Role, ShopError, store::rows::AttemptState};

/// The sentence of an error.
#[must_use]
pub const fn sentence(error: &ShopError) -> &'static str {
    error.sentence().zh
}

pub(super) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "店主",
        Role::Clerk => "店员",
        Role::Reader => "只读",
    }
}

pub(super) const fn state_word(state: OrderState) -> &'static str {
    match state {
        OrderState::Created => "待付款",
        OrderState::Paying => "付款中",
        OrderState::Closing => "关闭中",
        OrderState::Closed => "已关闭",
        OrderState::Paid => "已支付",
        OrderState::PartlyRefunded => "部分退款",
        OrderState::Refunded => "已退款",
    }
}

/// The part of the status that the state does not hold: refunds in progress.
pub(super) const fn standing_word(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Returning => Some("退款中"),
        Standing::Unknown => Some("退款待核对"),
        Standing::NoMoney | Standing::Kept => None,
    }
}

pub(super) const fn kind_word(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Goods => "商品",
        OrderKind::TopUp => "充值",
    }
}

pub(super) const fn attempt_word(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Open => "可支付",
        AttemptState::Paid => "已支付",
        AttemptState::Closed => "已关闭",
    }
}

pub(super) const fn refund_word(state: RefundState) -> &'static str {
    match state {
        RefundState::Requested => "等待微信受理",
        RefundState::Processing => "退款中",
        RefundState::Success => "已退款",
        RefundState::Closed => "已关闭",
        RefundState::Abnormal => "退款异常",
    }
}

/// The name of an order's event.
pub(super) fn event_word(what: &str) -> &str {
    match what {
        "placed" => "下单",
        "attempt_started" => "发起支付",
        "attempt_closed" => "支付单关闭",
        "stock_released" => "未付款，库存已放回",
        "stock_held_again" => "重新占用库存",
        "prepaid" => "微信已受理",
        "paid" => "支付成功",
        "refund_delayed" => "退款推迟",
        "close_requested" => "申请关闭",
        "closed" => "已关闭",
        "delivery_chosen" => "填写收货信息",
        "shipped" => "发货",
        "shipment_corrected" => "修改物流",
        "refund_wanted" => "买家申请退款",
        "refund_declined" => "拒绝退款申请",
        "refund_requested" => "发起退款",
        "refund_accepted" => "微信受理退款",
        "refund_succeeded" => "退款成功",
        "refund_closed" => "退款关闭",
        "refund_abnormal" => "退款异常",
        "refund_elsewhere" => "商户平台退款",
        "restocked" => "商品放回库存",
        other => other,
    }
}

/// The source of an event.
pub(super) fn source_word(who: &str) -> &str {
    match who {
        "shopper" => "买家",
        "merchant" => "商家",
        "wechat" => "微信",
        "notification" => "微信通知",
        "query" => "查询微信",
        "bill" => "微信账单",
        "shop" | "clock" => "系统",
        "elsewhere" => "商户平台",
        other => other,
    }
}

/// The name of an action in the audit log.
pub(super) fn deed_word(what: &str) -> &str {
    match what {
        "sign in" => "登录",
        "sign in refused" => "登录失败",
        "sign out" => "退出",
        "ship" => "发货",
        "refund" => "退款",
        "grant refund" => "同意退款申请",
        "decline refund" => "拒绝退款申请",
        "export" => "导出订单",
        "change product" => "修改商品",
        "add product" => "新增商品",
        "add sku" => "新增规格",
        "change sku" => "修改规格",
        "correct stock" => "调整库存",
        "change picture" => "更换图片",
        "on the shelf" => "上架",
        "off the shelf" => "下架",
        "resolve difference" => "处理差异",
        "add staff" => "添加人员",
        "reset staff" => "重置人员",
        "change role" => "修改角色",
        "remove staff" => "移除人员",
        "end sessions" => "结束登录",
        "access_token" => "获取 access_token",
        "access_token reported as failing" => "报告 access_token 失效",
        other => other,
    }
}

/// The message after a successful action.
pub(super) fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "shipped" => "已发货",
        "refund" => "退款已提交，结果以微信为准",
        "granted" => "已同意，退款已提交",
        "declined" => "已拒绝，买家会看到您的答复",
        "saved" => "已保存，买家现在看到的就是新内容",
        "saved_without_emoji" => "已保存。微信支付不支持表情符号，顾客付款时看到的名称会省略它们",
        "added" => "已新增，确认无误后请上架",
        "stock" => "库存已调整",
        "on" => "已上架",
        "off" => "已下架，买家不能再下单",
        "picture" => "图片已更换",
        "resolved" => "已记录处理结果",
        "role" => "角色已修改，对方需要重新登录",
        "removed" => "已移除",
        "signed-out" => "对方的登录已全部结束",
        _ => return None,
    })
}

/// The title of a kind of difference, and what staff must do.
pub(super) fn difference_words(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "unknown_order" => (
            "未知订单的付款",
            "可能是其他系统共用了商户号，或数据库早于这笔付款：请在商户平台按商户订单号查找，恢复数据或在那里退款",
        ),
        "other_amount" | "other_currency" => {
            ("付款金额或币种不符", "收到的钱与要求的不同：请在商户平台退款，并查明谁能改动订单")
        }
        "other_appid" | "other_mch_id" => ("通知属于其他账号", "请更正那个账号的通知地址（notify_url）"),
        "bad_transaction_id" | "unusable_notification" | "unknown_event" => {
            ("无法识别的通知", "请查看原文；微信可能改了格式，需要升级小店")
        }
        "second_transaction_id" => ("同一单号付了两次", "请在商户平台退掉第二笔"),
        "second_payment" => {
            ("同一订单付了两次", "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款")
        }
        "paid_after_close" => {
            ("关闭后又付款", "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款")
        }
        "refund_of_unknown_order" => ("未知订单的退款", "其他系统的退款，无需处理"),
        "other_refund_amount" | "refund_contradiction" | "refund_exceeds_payment" => {
            ("退款与账不符", "请对照商户平台与本店的账，更正有误的一方")
        }
        "refund_stuck" => (
            "退款迟迟没有完成",
            "原因见说明：请为商户号充值、更换过期的证书或更正密钥；小店会用同一退款单号继续申请",
        ),
        "refund_closed" => ("退款没有成功", "钱没有退给买家：请查看原因，然后在订单页面重新退款"),
        "refunds_unknown" => (
            "已在别处退款，金额未知",
            "请在商户平台查看退款金额；在每日账单补记退款、或您将本差异标记为已处理之前，订单不能发货",
        ),
        "refund_notification_without_key" => {
            ("无法读取的退款通知", "请设置 WECHAT_API_V2_KEY：没有它，商户平台的退款要等每日账单才能记账")
        }
        "restock_after_shipment" => ("退款的订单已发货", "商品没有放回库存：请确认商品在哪里，并调整库存"),
        "refund_abnormal" => ("退款异常", "买家账户收不了款：请在商户平台处理，切勿重复退款"),
        "refunded_top_up_was_spent" => ("已用掉的充值被退款", "买家已花掉被退的余额，请与买家协商"),
        "bill_unpaid_on_books" => ("账单有、账上未付", "已向微信查询并记账；若仍未解决请人工核对"),
        "bill_amount" | "bill_refund_amount" => ("账单金额不符", "请与商户平台核对两边金额"),
        "bill_missing_payment" | "bill_missing_refund" => {
            ("账单缺少记录", "微信账单里没有账上的这一笔：请带上微信支付单号联系微信支付客服")
        }
        "bill_refund_state" | "bill_trade_state" | "bill_transaction_id" => {
            ("账单状态不符", "已向微信查询，账上仍不一致：请与商户平台核对")
        }
        "bill_unreadable_row" => {
            ("账单中有一行无法读取", "其余各行已核对；这一行多半属于共用商户号的其他系统，请在商户平台查看")
        }
        "bill_unknown_refund" => ("账单有未知退款", "已查询并补记；若仍未解决请人工核对"),
        _ => ("其他差异", "请查看说明与原文"),
    }
}

/// A time in Shanghai: `2026-11-21 12:30:05`. `ms`: since 1970.
pub(super) fn time(ms: i64) -> String {
    // yyyyMMddHHmmss, the form of Pay V2, is Shanghai time too
    let digits = shop::v2_time(ms.div_euclid(1000));
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    format!("{}-{}-{} {}:{}:{}", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12), part(12..14))
}
