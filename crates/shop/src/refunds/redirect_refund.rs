//! Sends an abnormal refund to another account (发起异常退款), because the payer's account does not take the money. V3 only.

use model::{OutRefundNo, audit::AuditAction, refund::RefundState};
use wechat::{Secret, pay::v3::AbnormalRefund};

use crate::{Refunds, Right, ShopError, Staff, gateway::Gateway, typed};

/// The `bank_type`s of debit cards that WeChat accepts, with the names of the banks. Source:
/// create-abnormal-refund.html in the documents of WeChat Pay.
pub const REFUND_BANKS: [(&str, &str); 15] = [
    ("ICBC_DEBIT", "工商银行"),
    ("CMB_DEBIT", "招商银行"),
    ("CCB_DEBIT", "建设银行"),
    ("ABC_DEBIT", "农业银行"),
    ("BOC_DEBIT", "中国银行"),
    ("COMM_DEBIT", "交通银行"),
    ("PAB_DEBIT", "平安银行"),
    ("SPDB_DEBIT", "浦发银行"),
    ("CITIC_DEBIT", "中信银行"),
    ("CEB_DEBIT", "光大银行"),
    ("CMBC_DEBIT", "民生银行"),
    ("CIB_DEBIT", "兴业银行"),
    ("GDB_DEBIT", "广发银行"),
    ("PSBC_DEBIT", "邮储银行"),
    ("NBCB_DEBIT", "宁波银行"),
];

/// The account that gets an abnormal refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundTarget {
    /// The merchant's bank account. The merchant then pays the shopper in another way.
    Merchant,
    /// A debit card of the shopper. The shop does not store the number and the name.
    Card {
        /// One of [`REFUND_BANKS`].
        bank_type: String,
        /// The number of the card.
        number: Secret,
        /// The name of the card's owner.
        name: Secret,
    },
}

impl Refunds {
    /// Sends an abnormal refund to another account. WeChat reports later how the refund ends.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], [`ShopError::Changed`] if the refund is not abnormal,
    /// [`ShopError::Invalid`] for a payment with Pay V2 and for a wrong card, [`ShopError::WechatBusy`],
    /// [`ShopError::WechatRefuses`], or a failing database.
    pub async fn redirect_refund(
        &self,
        staff: &Staff,
        out_refund_no: &OutRefundNo,
        target: RefundTarget,
    ) -> Result<(), ShopError> {
        staff.check(Right::Refund)?;
        let _turn = self.sending.lock(out_refund_no.as_str()).await;
        let refund = self.store.refund(out_refund_no).await?.ok_or(ShopError::NotFound)?;
        let refund_id = refund.refund_id.clone().filter(|_| refund.state == RefundState::Abnormal);
        let refund_id = refund_id.ok_or(ShopError::Changed)?;
        let attempt = self.store.attempt(&refund.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        let Gateway::V3(client) = self.accounts.gateway_of(&attempt)? else { return Err(ONLY_V3) };
        let (words, to) = checked(target)?;
        let detail = format!("{}: {out_refund_no}, {words}", refund.order_id);
        // the audit row comes first: if the answer is lost, WeChat may still have the call
        self.audit.write(staff.name.as_str(), AuditAction::RedirectRefund, detail).await?;
        let reported = client.apply_abnormal_refund(&refund_id, out_refund_no.as_str(), &to).await?;
        self.take_reported(&refund, reported.into()).await.map(drop)
    }
}

const ONLY_V3: ShopError = ShopError::invalid(
    "这笔订单用微信支付 V2 付款：请登录商户平台处理异常退款",
    "The order was paid with Pay V2. Please handle the abnormal refund in WeChat's merchant platform.",
);

/// Checks the account. Returns its text for the audit log, without the card, and its form for WeChat.
fn checked(target: RefundTarget) -> Result<(&'static str, AbnormalRefund), ShopError> {
    let (bank_type, number, name) = match target {
        RefundTarget::Merchant => return Ok(("to the merchant's account", AbnormalRefund::MerchantBankCard)),
        RefundTarget::Card { bank_type, number, name } => (bank_type, number, name),
    };
    let digits: String = typed::number(number.expose()).chars().filter(|c| !c.is_whitespace()).collect();
    let name = typed::line(name.expose());
    let is_number = (12..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = REFUND_BANKS.iter().any(|(known, _)| *known == bank_type);
    let is_name = (1..=30).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !is_number || !is_known || !is_name {
        return Err(ShopError::invalid(
            "请选择银行，填写 12 到 19 位的借记卡号和持卡人姓名",
            "Please choose the bank, and enter the number of the debit card (12 to 19 digits) and the name of its owner.",
        ));
    }
    let card = AbnormalRefund::UserBankCard {
        bank_type,
        bank_account: Secret::new(digits),
        real_name: Secret::new(name),
    };
    Ok(("to a bank card of the shopper", card))
}
