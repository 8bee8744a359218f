use model::ErrorCode;

use crate::StoreError;

/// Why a use case did not do what it was asked. One table gives each its number, HTTP status and sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShopError {
    /// Nobody is logged in.
    #[error("there is no session")]
    LoggedOut,
    /// Somebody of the shop whose role does not reach so far.
    #[error("the role does not allow it")]
    NotAllowed,
    /// What was filled in cannot be used; the sentence says what would be right.
    #[error("invalid input: {0}")]
    Invalid(&'static str),
    /// The name, the password or the code is wrong.
    #[error("the sign-in is refused")]
    SignIn,
    /// The product has been taken off the shelf.
    #[error("the product is off the shelf")]
    OffShelf,
    /// Somebody else has changed it since it was looked at.
    #[error("it has been changed meanwhile")]
    Changed,
    /// There is no money of the order to give back, or nothing of it to send.
    #[error("the order is not paid, or has been given back")]
    NotPaid,
    /// The shopper has asked already, and waits for the answer.
    #[error("a refund has been asked for already")]
    AlreadyAsked,
    /// A program without a key, or with a wrong one.
    #[error("the program's key is not one of SHOP_TOKEN_CLIENTS")]
    UnknownProgram,
    /// The request does not have its form.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The request comes from a page of another site, or from no page at all.
    #[error("the Origin header is not SHOP_PUBLIC_URL")]
    ForeignOrigin,
    /// There is no such thing, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// Less is left than was asked for.
    #[error("out of stock")]
    OutOfStock,
    /// The order was cancelled or has expired.
    #[error("the order is closed")]
    OrderClosed,
    /// The order has been paid.
    #[error("the order has been paid")]
    AlreadyPaid,
    /// The address to sign is not this shop's.
    #[error("the address is not one of this shop")]
    ForeignUrl,
    /// More money is to be given back than was paid and is not given back yet.
    #[error("only {0} fen of it can still be refunded")]
    RefundTooMuch(i64),
    /// WeChat takes fifty parts of a refund at most.
    #[error("the payment has been refunded in fifty parts already")]
    RefundInTooManyParts,
    /// The top-up that is to be given back has been spent.
    #[error("the balance is lower than the top-up that is to be refunded")]
    BalanceTooLow,
    /// No mini program is configured.
    #[error("no mini program is configured (WECHAT_MINIPROGRAM_APPID)")]
    NoMiniProgram,
    /// A program asks too often.
    #[error("too many requests")]
    TooOften,
    /// Less or more money than may be topped up at once.
    #[error("the amount is outside the limits of a top-up")]
    TopUpLimit,
    /// The login's `code` was used before, is too old or was never given out.
    #[error("the login code is not valid: {0}")]
    LoginCode(wechat::Error),
    /// The visitor sees WeChat's snapshot page, as nobody.
    #[error("the visitor is a snapshot user")]
    SnapshotUser,
    /// WeChat did not answer, or asks to try again.
    #[error("WeChat did not answer: {0}")]
    WechatBusy(wechat::Error),
    /// WeChat refuses, or its answer cannot be believed.
    #[error("WeChat refuses: {0}")]
    WechatRefuses(wechat::Error),
    /// The attempt was made with an account that is no longer configured.
    #[error("the attempt was made with an account that is not configured")]
    UnknownMerchant,
    /// Too much is waiting.
    #[error("too busy")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is said about an error.
struct Row {
    code: u32,
    status: u16,
    browser: ErrorCode,
    sentence: &'static str,
}

impl ShopError {
    const fn row(&self) -> Row {
        use ErrorCode::{AlreadyPaid, LoggedOut, Refused, TryAgain};
        let (code, status, browser, sentence) = match self {
            Self::LoggedOut => (40101, 401, LoggedOut, "登录已失效，请重新登录"),
            Self::UnknownProgram => (40102, 401, Refused, "调用方密钥无效"),
            Self::BadRequest(_) => (40001, 400, Refused, "请求有误，请返回重试"),
            Self::ForeignUrl => (40002, 400, Refused, "该网址不属于本店"),
            Self::TopUpLimit => (40004, 400, Refused, "单次充值金额为 0.01 元至 5000 元"),
            Self::LoginCode(_) => (40003, 400, TryAgain, "登录链接已失效，请重新登录"),
            Self::SnapshotUser => (40301, 403, Refused, "请点击右下角“使用完整服务”后再操作"),
            Self::ForeignOrigin => (40302, 403, Refused, "请从本店的页面操作"),
            Self::NotAllowed => (40341, 403, Refused, "您的角色不能进行这项操作"),
            Self::Invalid(sentence) => (40041, 400, Refused, *sentence),
            Self::NotPaid => (40941, 409, Refused, "订单没有可以处理的款项"),
            Self::AlreadyAsked => (40942, 409, Refused, "退款申请已提交，请等待商家处理"),
            Self::SignIn => (40141, 401, Refused, "名称、密码或验证码不正确"),
            Self::OffShelf => (40943, 409, Refused, "商品已下架，请选择其他商品"),
            Self::Changed => (40944, 409, Refused, "内容已被他人修改，请核对最新内容后重新提交"),
            Self::NotFound => (40401, 404, Refused, "没有找到您要的内容"),
            Self::OutOfStock => (40901, 409, Refused, "库存不足，请减少数量或选择其他商品"),
            Self::OrderClosed => (40902, 409, Refused, "订单已关闭，请重新下单"),
            Self::RefundTooMuch(_) => (40905, 409, Refused, "退款金额超过可退金额"),
            Self::RefundInTooManyParts => (40906, 409, Refused, "该笔付款的退款次数已达上限"),
            Self::BalanceTooLow => (40907, 409, Refused, "余额不足，该充值无法退款"),
            Self::NoMiniProgram => (40402, 404, Refused, "本店没有开通小程序"),
            Self::TooOften => (42901, 429, TryAgain, "请求过于频繁，请稍后再试"),
            Self::AlreadyPaid => (40903, 409, AlreadyPaid, "订单已支付"),
            Self::WechatRefuses(_) | Self::UnknownMerchant => {
                (50201, 502, Refused, "微信支付暂时无法使用，请联系商家")
            }
            Self::WechatBusy(_) => (50301, 503, TryAgain, "微信繁忙，请稍后再试"),
            Self::Busy | Self::Store(_) => (50302, 503, TryAgain, "系统繁忙，请稍后再试"),
        };
        Row { code, status, browser, sentence }
    }

    /// Its number in JSON answers.
    #[must_use]
    pub const fn code(&self) -> u32 {
        self.row().code
    }

    /// Its HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.row().status
    }

    /// What a shopper may read.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        self.row().sentence
    }

    /// What the browser does about it.
    #[must_use]
    pub const fn for_browser(&self) -> ErrorCode {
        self.row().browser
    }

    /// Whether the operator should look: the shopper did nothing wrong.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.status() >= 500
    }
}

impl ShopError {
    /// A failed exchange of a login's code.
    pub(crate) fn of_login(error: wechat::Error) -> Self {
        if error.is_code_used() || error.is_invalid_code() { Self::LoginCode(error) } else { error.into() }
    }
}

/// A failed call, as a shopper meets it.
impl From<wechat::Error> for ShopError {
    fn from(error: wechat::Error) -> Self {
        if error.is_retryable() { Self::WechatBusy(error) } else { Self::WechatRefuses(error) }
    }
}
