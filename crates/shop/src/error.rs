use model::{ErrorCode, Said};
use store::StoreError;

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
    /// The shopper has as many unpaid orders as one may have.
    #[error("the shopper has as many unpaid orders as SHOP_MAX_UNPAID_PER_SHOPPER allows")]
    TooManyUnpaid,
    /// The shopper's unpaid orders hold as many pieces as they may.
    #[error("the shopper's unpaid orders hold as many pieces as SHOP_MAX_HELD_PER_SHOPPER allows")]
    TooMuchHeld,
    /// The unpaid orders from one address are as many, or hold as much, as they may.
    #[error(
        "unpaid orders from the address hold as much as SHOP_MAX_UNPAID_PER_ADDRESS and SHOP_MAX_HELD_PER_ADDRESS allow"
    )]
    TooMuchHeldFromAddress,
    /// The account's second factor was tried with too many wrong codes.
    #[error("too many wrong codes of the second factor")]
    SecondFactorPaused,
    /// Nothing of the cart was chosen, or it is in the cart no more.
    #[error("nothing of the cart is chosen")]
    NothingChosen,
    /// Too many different things in one cart.
    #[error("the cart holds as many different things as an order takes")]
    CartFull,
    /// The price is another than the page said.
    #[error("the price is not the one that the shopper saw")]
    PriceChanged,
    /// The order has to be sent, and nobody said where.
    #[error("the order has no address")]
    AddressMissing,
    /// A part of an address is missing.
    #[error("a part of the address is missing")]
    AddressIncomplete,
    /// A part of an address does not fit on a label.
    #[error("a part of the address is too long")]
    AddressTooLong,
    /// What was typed is not a telephone number.
    #[error("the telephone number is not one")]
    PhoneInvalid,
    /// The shopper has saved too many addresses.
    #[error("the shopper has saved as many addresses as one may")]
    TooManyAddresses,
    /// The note to the shop is too long.
    #[error("the note is longer than a shop reads")]
    NoteTooLong,
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
    /// The number of a refund belongs to another refund, of this order or of another.
    #[error("the out_refund_no belongs to another refund")]
    RefundNumberTaken,
    /// Pieces go back on the shelf only with all the money that is left, and only before they are sent.
    #[error(
        "only a refund of all that is left, of an order that was not sent, puts its pieces back on the shelf"
    )]
    NotRestockable,
    /// WeChat says that money of the order was given back, and the books do not know how much.
    #[error("the books do not know how much of the order was given back")]
    RefundsUnknown,
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
    /// The login's `state` was used, with another code or a while ago.
    #[error("the login's state has been used")]
    LoginUsed,
    /// The visitor sees WeChat's snapshot page, as nobody.
    #[error("the visitor is a snapshot user")]
    SnapshotUser,
    /// WeChat did not answer, or asks to try again.
    #[error("WeChat did not answer: {0}")]
    WechatBusy(wechat::Error),
    /// WeChat refuses the account itself: its AppSecret, its address, its rights.
    #[error("WeChat refuses the account: {0}")]
    AccountRefused(wechat::Error),
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
    sentence: Said,
}

impl ShopError {
    const fn row(&self) -> Row {
        use ErrorCode::{AlreadyPaid, LoggedOut, Refused, TryAgain};
        let (code, status, browser, zh, en) = match self {
            Self::LoggedOut => (
                40101,
                401,
                LoggedOut,
                "登录已失效，请重新登录",
                "Your login has ended. Please log in again.",
            ),
            Self::UnknownProgram => (40102, 401, Refused, "调用方密钥无效", "The key is not valid."),
            Self::BadRequest(_) => (
                40001,
                400,
                Refused,
                "请求有误，请返回重试",
                "That did not work. Please go back and try again.",
            ),
            Self::ForeignUrl => {
                (40002, 400, Refused, "该网址不属于本店", "That address does not belong to this shop.")
            }
            Self::TopUpLimit => (
                40004,
                400,
                Refused,
                "单次充值金额为 0.01 元至 5000 元",
                "You can top up 0.01 to 5,000 yuan at a time.",
            ),
            Self::LoginCode(_) | Self::LoginUsed => (
                40003,
                400,
                TryAgain,
                "登录链接已失效，请重新登录",
                "The login link has expired. Please log in again.",
            ),
            Self::SnapshotUser => (
                40301,
                403,
                Refused,
                "请点击右下角“使用完整服务”后再操作",
                "Please tap “Use full service” at the bottom right first.",
            ),
            Self::ForeignOrigin => {
                (40302, 403, Refused, "请从本店的页面操作", "Please do this from a page of this shop.")
            }
            Self::NotAllowed => {
                (40341, 403, Refused, "您的角色不能进行这项操作", "Your role does not allow this.")
            }
            Self::Invalid(sentence) => (40041, 400, Refused, *sentence, "Please check what you entered."),
            Self::NotPaid => (
                40941,
                409,
                Refused,
                "订单没有可以处理的款项",
                "There is no money of this order to give back, and nothing to send.",
            ),
            Self::AlreadyAsked => (
                40942,
                409,
                Refused,
                "退款申请已提交，请等待商家处理",
                "You have asked for a refund. Please wait for the shop's answer.",
            ),
            Self::SignIn => (
                40141,
                401,
                Refused,
                "名称、密码或验证码不正确",
                "The name, the password or the code is wrong.",
            ),
            Self::OffShelf => (
                40943,
                409,
                Refused,
                "商品已下架，请选择其他商品",
                "This is no longer sold. Please choose something else.",
            ),
            Self::Changed => (
                40944,
                409,
                Refused,
                "内容已被他人修改，请核对最新内容后重新提交",
                "Somebody else has changed it. Please check and try again.",
            ),
            Self::NotFound => (40401, 404, Refused, "没有找到您要的内容", "We could not find that."),
            Self::OutOfStock => (
                40901,
                409,
                Refused,
                "库存不足，请减少数量或选择其他商品",
                "Not enough in stock. Please take fewer, or something else.",
            ),
            Self::TooManyUnpaid => (
                40951,
                409,
                Refused,
                "您未付款的订单太多，请先付款或取消一些订单",
                "You have too many unpaid orders. Please pay or cancel some of them first.",
            ),
            Self::TooMuchHeld => (
                40952,
                409,
                Refused,
                "您未付款的订单占用的商品太多，请先付款、取消订单或减少数量",
                "Your unpaid orders hold too many items. Please pay or cancel some, or take fewer.",
            ),
            Self::TooMuchHeldFromAddress => (
                42902,
                429,
                TryAgain,
                "您所在网络的未付款订单过多，请几分钟后再试",
                "There are too many unpaid orders from your network. Please try again in a few minutes.",
            ),
            Self::SecondFactorPaused => (
                42903,
                429,
                Refused,
                "动态验证码输错次数过多，已暂停使用；请一小时后再试，或请店主重置",
                "Too many wrong codes. Please try again in an hour, or ask the owner to reset the account.",
            ),
            Self::NothingChosen => {
                (40005, 400, Refused, "请先在购物车中选择商品", "Please choose something in your cart first.")
            }
            Self::CartFull => (
                40910,
                409,
                Refused,
                "购物车满了，请先结算或移除一些商品",
                "Your cart is full. Please check out or remove something first.",
            ),
            Self::PriceChanged => (
                40911,
                409,
                Refused,
                "商品价格有变化，请核对后再下单",
                "A price has changed. Please have a look before you order.",
            ),
            Self::AddressMissing => {
                (40006, 400, Refused, "请先填写收货地址", "Please enter a delivery address first.")
            }
            Self::AddressIncomplete => (
                40007,
                400,
                Refused,
                "请完整填写收货人、电话、地区和详细地址",
                "Please fill in name, phone, region and address.",
            ),
            Self::AddressTooLong => (
                40021,
                400,
                Refused,
                "收货人最多 30 字，地区最多 60 字，详细地址最多 120 字",
                "A name has at most 30 characters, a region 60, an address 120.",
            ),
            Self::PhoneInvalid => (
                40022,
                400,
                Refused,
                "电话号码有误，请填写手机号，或带区号的座机号",
                "Please check the phone number: a mobile number, or a landline with its area code.",
            ),
            Self::TooManyAddresses => (
                40912,
                409,
                Refused,
                "最多保存 20 个地址，请先删除不用的地址",
                "You can save 20 addresses. Please delete one first.",
            ),
            Self::NoteTooLong => {
                (40008, 400, Refused, "备注最多 200 字", "A note has at most 200 characters.")
            }
            Self::OrderClosed => {
                (40902, 409, Refused, "订单已关闭，请重新下单", "This order is closed. Please order again.")
            }
            Self::RefundTooMuch(_) => {
                (40905, 409, Refused, "退款金额超过可退金额", "That is more than can be refunded.")
            }
            Self::RefundInTooManyParts => (
                40906,
                409,
                Refused,
                "该笔付款的退款次数已达上限",
                "This payment has been refunded in too many parts.",
            ),
            Self::RefundNumberTaken => (
                40908,
                409,
                Refused,
                "该退款单号已被其他退款使用，请更换",
                "Another refund has this number. Please use a new one.",
            ),
            Self::RefundsUnknown => (
                40909,
                409,
                Refused,
                "微信显示该订单已在别处退款，金额核对之前不能发货",
                "Money of this order was given back elsewhere. It is not sent until the amount is known.",
            ),
            Self::NotRestockable => (
                40945,
                409,
                Refused,
                "只有尚未发货的订单退还全部剩余款项时，才能把商品放回库存",
                "Pieces return to the shelf only with a refund of all that is left, before they are sent.",
            ),
            Self::BalanceTooLow => (
                40907,
                409,
                Refused,
                "余额不足，该充值无法退款",
                "The balance is too low to refund this top-up.",
            ),
            Self::NoMiniProgram => {
                (40402, 404, Refused, "本店没有开通小程序", "This shop has no mini program.")
            }
            Self::TooOften => (
                42901,
                429,
                TryAgain,
                "请求过于频繁，请稍后再试",
                "Too many requests. Please try again in a moment.",
            ),
            Self::AlreadyPaid => (40903, 409, AlreadyPaid, "订单已支付", "This order has been paid."),
            Self::WechatRefuses(_) | Self::UnknownMerchant => (
                50201,
                502,
                Refused,
                "微信支付暂时无法使用，请联系商家",
                "WeChat Pay is not available now. Please contact the shop.",
            ),
            Self::AccountRefused(_) => (
                50202,
                502,
                Refused,
                "微信登录暂时无法使用，请联系商家",
                "WeChat login is not available now. Please contact the shop.",
            ),
            Self::WechatBusy(_) => (
                50301,
                503,
                TryAgain,
                "微信繁忙，请稍后再试",
                "WeChat is busy. Please try again in a moment.",
            ),
            Self::Busy | Self::Store(_) => {
                (50302, 503, TryAgain, "系统繁忙，请稍后再试", "We are busy. Please try again in a moment.")
            }
        };
        Row { code, status, browser, sentence: Said { zh, en } }
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
    pub const fn sentence(&self) -> Said {
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
        if error.is_code_used() || error.is_invalid_code() {
            Self::LoginCode(error)
        } else {
            Self::of_account(error)
        }
    }

    /// A failed call of the official account: nothing of it is about a payment.
    pub(crate) fn of_account(error: wechat::Error) -> Self {
        if error.is_retryable() { Self::WechatBusy(error) } else { Self::AccountRefused(error) }
    }
}

/// A failed call, as a shopper meets it.
impl From<wechat::Error> for ShopError {
    fn from(error: wechat::Error) -> Self {
        if error.is_retryable() { Self::WechatBusy(error) } else { Self::WechatRefuses(error) }
    }
}
