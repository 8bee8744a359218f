/// The number with which a refund names its payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentId {
    /// WeChat's number of the payment.
    TransactionId(String),
    /// The shop's number of the order.
    OutTradeNo(String),
}
