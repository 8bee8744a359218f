//! The messages that staff read.

use model::{
    audit::AuditAction,
    discrepancy::DiscrepancyKind,
    event::{EventKind, EventSource},
    payment::AttemptState,
    refund::RefundState,
};
pub(super) use shop::order_words::{kind_word, standing_word, state_word, view_word};
use shop::{Role, ShopError};

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
pub(super) fn event_word(what: EventKind) -> &'static str {
    match what {
        EventKind::Placed => "下单",
        EventKind::AttemptStarted => "发起支付",
        EventKind::AttemptClosed => "支付单关闭",
        EventKind::StockReleased => "未付款，库存已放回",
        EventKind::StockHeldAgain => "重新占用库存",
        EventKind::Prepaid => "微信已受理",
        EventKind::Paid => "支付成功",
        EventKind::RefundDelayed => "退款推迟",
        EventKind::CloseRequested => "申请关闭",
        EventKind::Closed => "已关闭",
        EventKind::DeliveryChosen => "填写收货信息",
        EventKind::Shipped => "发货",
        EventKind::ShipmentCorrected => "修改物流",
        EventKind::RefundWanted => "买家申请退款",
        EventKind::RefundDeclined => "拒绝退款申请",
        EventKind::RefundRequested => "发起退款",
        EventKind::RefundAccepted => "微信受理退款",
        EventKind::RefundSucceeded => "退款成功",
        EventKind::RefundClosed => "退款关闭",
        EventKind::RefundAbnormal => "退款异常",
        EventKind::RefundElsewhere => "商户平台退款",
        EventKind::ShippingOverdue => "超过 48 小时未发货",
        EventKind::DeliveryReported => "微信已收到发货信息",
        EventKind::Settled => "货款已结算",
        EventKind::Restocked => "商品放回库存",
        EventKind::SheetReported => "手机报告付款页结果",
        EventKind::SecondPayment => "重复支付",
        EventKind::PaidAfterClose => "关闭后支付",
    }
}

/// The source of an event.
pub(super) fn source_word(who: EventSource) -> &'static str {
    match who {
        EventSource::Shopper => "买家",
        EventSource::Merchant => "商家",
        EventSource::Wechat => "微信",
        EventSource::Notification => "微信通知",
        EventSource::Query => "查询微信",
        EventSource::Bill => "微信账单",
        EventSource::Shop | EventSource::Clock => "系统",
        EventSource::Close => "微信关单",
        EventSource::Import => "导入",
        EventSource::Push => "微信消息推送",
    }
}

/// The name of an action in the audit log.
pub(super) const fn audit_action_word(action: AuditAction) -> &'static str {
    match action {
        AuditAction::SignIn => "登录",
        AuditAction::SignInRefused => "登录失败",
        AuditAction::SignOut => "退出",
        AuditAction::Ship => "发货",
        AuditAction::Refund => "退款",
        AuditAction::GrantRefund => "同意退款申请",
        AuditAction::DeclineRefund => "拒绝退款申请",
        AuditAction::Export => "导出订单",
        AuditAction::ChangeProduct => "修改商品",
        AuditAction::AddProduct => "新增商品",
        AuditAction::AddSku => "新增规格",
        AuditAction::ChangeSku => "修改规格",
        AuditAction::CorrectStock => "调整库存",
        AuditAction::ChangePicture => "更换图片",
        AuditAction::OnTheShelf => "上架",
        AuditAction::OffTheShelf => "下架",
        AuditAction::ResolveDiscrepancy => "处理对账差异",
        AuditAction::AddStaff => "添加人员",
        AuditAction::ResetStaff => "重置人员",
        AuditAction::ChangeRole => "修改角色",
        AuditAction::RemoveStaff => "移除人员",
        AuditAction::EndSessions => "结束登录",
        AuditAction::AccessToken => "获取 access_token",
        AuditAction::AccessTokenReported => "报告 access_token 失效",
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
        "saved_without_emoji" => "已保存。微信支付不支持表情符号，买家付款时看到的名称会省略它们",
        "added" => "已新增，确认无误后请上架",
        "stock" => "库存已调整",
        "on" => "已上架",
        "off" => "已下架，买家不能再下单",
        "picture" => "图片已更换",
        "pictures" => "商品图片已更新",
        "resolved" => "已记录处理结果",
        "role" => "角色已修改，对方需要重新登录",
        "removed" => "已移除",
        "signed-out" => "对方的登录已全部结束",
        _ => return None,
    })
}

/// The title of a kind of discrepancy, and what staff must do.
pub(super) fn discrepancy_words(kind: DiscrepancyKind) -> (&'static str, &'static str) {
    match kind {
        DiscrepancyKind::UnknownOrder => (
            "未知订单的付款",
            "可能是其他系统共用了商户号，或数据库早于这笔付款：请在商户平台按商户订单号查找，恢复数据或在那里退款",
        ),
        DiscrepancyKind::OtherAmount | DiscrepancyKind::OtherCurrency => {
            ("付款金额或币种不符", "收到的钱与要求的不同：请在商户平台退款，并查明谁能改动订单")
        }
        DiscrepancyKind::OtherAppid | DiscrepancyKind::OtherMchId => {
            ("通知属于其他账号", "请更正那个账号的通知地址（notify_url）")
        }
        DiscrepancyKind::BadTransactionId
        | DiscrepancyKind::UnusableNotification
        | DiscrepancyKind::UnknownEvent => ("无法识别的通知", "请查看原文；微信可能改了格式，需要升级小店"),
        DiscrepancyKind::SecondTransactionId => ("同一单号付了两次", "请在商户平台退掉第二笔"),
        DiscrepancyKind::SecondPayment => {
            ("同一订单付了两次", "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款")
        }
        DiscrepancyKind::PaidAfterClose => {
            ("关闭后又付款", "小店会自动退款，退款成功后自动结清；若退款失败，请在订单页面重新退这笔付款")
        }
        DiscrepancyKind::RefundOfUnknownOrder => ("未知订单的退款", "其他系统的退款，无需处理"),
        DiscrepancyKind::OtherRefundAmount
        | DiscrepancyKind::RefundContradiction
        | DiscrepancyKind::RefundExceedsPayment => {
            ("退款与账不符", "请对照商户平台与本店的账，更正有误的一方")
        }
        DiscrepancyKind::RefundStuck => (
            "退款迟迟没有完成",
            "原因见说明：请为商户号充值、更换过期的证书或更正密钥；小店会用同一退款单号继续申请",
        ),
        DiscrepancyKind::RefundClosed => {
            ("退款没有成功", "钱没有退给买家：请查看原因，然后在订单页面重新退款")
        }
        DiscrepancyKind::RefundsUnknown => (
            "已在别处退款，金额未知",
            "请在商户平台查看退款金额；在每日账单补记退款、或您将本差异标记为已处理之前，订单不能发货",
        ),
        DiscrepancyKind::RefundNotificationWithoutKey => {
            ("无法读取的退款通知", "请设置 WECHAT_API_V2_KEY：没有它，商户平台的退款要等每日账单才能记账")
        }
        DiscrepancyKind::RestockAfterShipment => {
            ("退款的订单已发货", "商品没有放回库存：请确认商品在哪里，并调整库存")
        }
        DiscrepancyKind::RefundAbnormal => ("退款异常", "买家账户收不了款：请在商户平台处理，切勿重复退款"),
        DiscrepancyKind::RefundedTopUpWasSpent => {
            ("已用掉的充值被退款", "买家已花掉被退的余额，请与买家协商")
        }
        DiscrepancyKind::BillUnpaidOnBooks => {
            ("账单有、账上未付", "已向微信查询并记账；若仍未解决请人工核对")
        }
        DiscrepancyKind::BillAmount | DiscrepancyKind::BillRefundAmount => {
            ("账单金额不符", "请与商户平台核对两边金额")
        }
        DiscrepancyKind::BillMissingPayment | DiscrepancyKind::BillMissingRefund => {
            ("账单缺少记录", "微信账单里没有账上的这一笔：请带上微信支付单号联系微信支付客服")
        }
        DiscrepancyKind::BillRefundState
        | DiscrepancyKind::BillTradeState
        | DiscrepancyKind::BillTransactionId => {
            ("账单状态不符", "已向微信查询，账上仍不一致：请与商户平台核对")
        }
        DiscrepancyKind::BillUnreadableRow => {
            ("账单中有一行无法读取", "其余各行已核对；这一行多半属于共用商户号的其他系统，请在商户平台查看")
        }
        DiscrepancyKind::BillUnknownRefund => ("账单有未知退款", "已查询并补记；若仍未解决请人工核对"),
        DiscrepancyKind::UnknownTradeState => {
            ("无法识别的交易状态", "请在商户平台查看这笔订单；小店会继续查询；若那里已支付，需要升级小店")
        }
    }
}

/// A time in Shanghai: `2026-11-21 12:30:05`. `ms`: since 1970.
pub(super) fn time(ms: i64) -> String {
    shop::shanghai(ms).strftime("%F %T").to_string()
}
