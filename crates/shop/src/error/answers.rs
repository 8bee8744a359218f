//! The table of the answers to errors: number, HTTP status, what the browser does, and the sentence for people.

use std::borrow::Cow;

use model::{ErrorCode, Language, LocalizedText};

use super::ShopError;

/// The answer to one error.
struct Row {
    code: u32,
    status: u16,
    browser: ErrorCode,
    sentence: LocalizedText,
}

impl ShopError {
    /// [`ShopError::Invalid`] with a sentence that says what is expected, in Chinese and in English.
    #[must_use]
    pub const fn invalid(zh: &'static str, en: &'static str) -> Self {
        Self::Invalid(LocalizedText { zh, en })
    }

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
            Self::Invalid(sentence) => (40041, 400, Refused, sentence.zh, sentence.en),
            Self::NotPaid => (
                40941,
                409,
                Refused,
                "订单没有可以处理的款项",
                "There is no money of this order to give back, and nothing to send.",
            ),
            Self::NotShipped => {
                (40946, 409, Refused, "订单还没有全部发货", "The order has not been shipped completely yet.")
            }
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
                "账号、密码或动态验证码有误",
                "The name, the password or the code is wrong.",
            ),
            Self::OffShelf => (
                40943,
                409,
                Refused,
                "商品已下架，请选择其他商品",
                "This is no longer sold. Please choose something else.",
            ),
            Self::NotYetOnSale => (
                40947,
                409,
                Refused,
                "商品还没有开售，请到开售时间再来",
                "The sale of this has not begun. Please come back later.",
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
            Self::NotErasable => (
                40961,
                409,
                Refused,
                "还有未完成的订单、退款、投诉或余额，暂时不能注销",
                "An order, a refund, a complaint or money in the balance has not ended. The data cannot be erased now.",
            ),
            Self::OverLimit(_) => (
                40962,
                409,
                Refused,
                "超过每人限购的件数，请减少数量",
                "That is more than one person may buy. Please take fewer.",
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
                "购物车满了，请先结算或删除一些商品",
                "Your cart is full. Please check out or remove something first.",
            ),
            Self::PriceChanged => (
                40911,
                409,
                Refused,
                "商品价格有变化，请核对后再下单",
                "A price has changed. Please have a look before you order.",
            ),
            Self::FreightChanged => (
                40914,
                409,
                Refused,
                "运费有变化，请核对合计后再付款",
                "The delivery fee has changed. Please check the total before you pay.",
            ),
            Self::BalanceChanged => (
                40916,
                409,
                Refused,
                "余额有变化，请核对后再付款。待付款的订单会占用余额，取消订单后退回",
                "Your balance has changed. Please check before you pay. Unpaid orders reserve it; cancel them to get it back.",
            ),
            Self::FreightFixed => (
                40915,
                409,
                Refused,
                "已开始付款，换到这里运费会变，请取消订单后重新下单",
                "The payment has begun, and the delivery fee is different there. Please cancel the order and order again.",
            ),
            Self::OtherFreight => (
                40917,
                409,
                Refused,
                "新地址的运费不同，不能直接修改，请联系客服",
                "The delivery fee is different there, so the address cannot be changed. Please contact us.",
            ),
            Self::Sent => (
                40918,
                409,
                Refused,
                "订单已发货，不能再修改地址，请联系客服",
                "This order has been sent, so its address cannot be changed. Please contact us.",
            ),
            Self::NoDelivery => (
                40024,
                400,
                Refused,
                "暂不配送到这个地区，请换一个地址",
                "We do not deliver to this region. Please choose another address.",
            ),
            Self::CartChanged => (
                40913,
                409,
                Refused,
                "购物车有变化，请核对后再下单",
                "Your cart has changed. Please have a look before you order.",
            ),
            Self::CollectorIncomplete => (
                40023,
                400,
                Refused,
                "请填写取货人的姓名和电话",
                "Please enter the name and phone number of the person who collects the order.",
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
            Self::TooManyRefunds => (
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
                "Pieces return to the stock only with a refund of all that is left, before the order is shipped.",
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
            Self::NoWebsite => (
                40405,
                404,
                Refused,
                "本店没有开通电脑扫码登录，请在微信中打开",
                "This shop has no login at a desk. Please open it in WeChat.",
            ),
            Self::NoPayV3 => (
                40403,
                404,
                Refused,
                "投诉处理需要微信支付 APIv3，本店尚未配置",
                "Complaints need WeChat Pay V3, which this shop has not set up.",
            ),
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
            Self::PictureNotSaved(_) => (
                50303,
                503,
                TryAgain,
                "图片没有保存成功，请稍后再试",
                "The picture was not saved. Please try again in a moment.",
            ),
            Self::PictureNotRead(_) | Self::PictureNotDeleted(_) => (
                50304,
                503,
                TryAgain,
                "图片暂时打不开，请稍后再试",
                "The picture cannot be shown now. Please try again in a moment.",
            ),
            Self::Busy | Self::Store(_) => {
                (50302, 503, TryAgain, "系统繁忙，请稍后再试", "We are busy. Please try again in a moment.")
            }
        };
        Row { code, status, browser, sentence: LocalizedText { zh, en } }
    }

    /// The number in JSON answers. `server/openapi.json` lists the numbers for programs.
    #[must_use]
    pub const fn code(&self) -> u32 {
        self.row().code
    }

    /// The HTTP status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.row().status
    }

    /// The sentence for shoppers and staff.
    #[must_use]
    pub const fn sentence(&self) -> LocalizedText {
        self.row().sentence
    }

    /// The sentence in one language, with the numbers of this error.
    #[must_use]
    pub fn words(&self, language: Language) -> Cow<'static, str> {
        match self {
            Self::OverLimit(limit) => limit.words(language).into(),
            other => other.sentence().to(language).into(),
        }
    }

    /// What the browser should do.
    #[must_use]
    pub const fn for_browser(&self) -> ErrorCode {
        self.row().browser
    }

    /// Whether the operator should check it, because the caller made no mistake: the status is 500 or more.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.status() >= 500
    }
}
