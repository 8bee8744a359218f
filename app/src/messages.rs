//! What shoppers read, in both languages. Pages are written on the server, so none of it reaches the browser's code.

use leptos::prelude::use_context;
use model::{
    Language, Said,
    order::{OrderKind, OrderState, Standing},
    refund::RefundState,
};

use crate::Visitor;

/// The language of the page that is being written.
pub(crate) fn language() -> Language {
    use_context::<Visitor>().map_or_else(Language::default, |visitor| visitor.language)
}

/// The sentence, in the language of the page that is being written.
pub(crate) fn t(message: Said) -> &'static str {
    message.to(language())
}

macro_rules! messages {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: Said = Said { zh: $zh, en: $en };
        )*
    };
}

messages! {
    DESCRIPTION = "商品介绍", "About it";
    ADDRESS = "收货地址", "Delivery address";
    ADDRESSES = "收货地址", "Delivery addresses";
    ADD_ADDRESS = "添加地址", "Add an address";
    ADD_TO_CART = "加入购物车", "Add to cart";
    AND_UP = "起", "and up";
    REFUND_DECLINED = "商家没有同意退款", "The shop declined the refund";
    REFUND_REQUESTED = "已申请退款，等待商家处理", "Refund requested; the shop will answer";
    CHECKING_PAYMENT = "正在查询支付结果…", "Asking WeChat about the payment…";
    REQUEST_REFUND = "申请退款", "Ask for a refund";
    BACK = "返回", "Back";
    BACK_TO_ORDER = "返回订单", "Back to the order";
    BACK_TO_PRODUCT = "返回商品", "Back to the product";
    BALANCE = "余额", "Balance";
    BUY_NOW = "立即购买", "Buy now";
    CANCEL_ORDER = "取消订单", "Cancel the order";
    CART = "购物车", "Cart";
    CATEGORIES = "分类", "Categories";
    CHECK_OUT = "结算", "Check out";
    CHOOSE = "选择", "Choose";
    CLOSED = "已关闭", "Closed";
    CONFIRMING_CLOSE = "正在向微信确认，请稍候", "Confirming with WeChat, one moment";
    CLOSING = "正在关闭", "Closing";
    CONFIRM_PURCHASE = "确认购买", "Your choice";
    CONFIRM_ORDER = "确认订单", "Confirm the order";
    CONTINUE_BUYING = "继续购买", "Continue";
    DECREASE = "减少", "Fewer";
    DELETE = "删除", "Delete";
    DELIVERY = "配送", "Delivery";
    STREET_ADDRESS = "详细地址", "Street and house";
    EARLIER_ORDERS = "更早的订单", "Earlier orders";
    EMPTY_CART = "购物车是空的，去挑一件吧", "Your cart is empty. Find something you like.";
    PICKUP = "到店自取", "Fetch at the shop";
    GUEST = "访客", "Guest";
    HAVE_PAID = "我已完成支付", "I have paid";
    HOME = "首页", "Home";
    GO_HOME = "回到首页", "Back to the shop";
    QUANTITY = "数量", "Quantity";
    INCREASE = "增加", "More";
    LANGUAGE = "English", "中文";
    LOG_OUT = "退出登录", "Log out";
    LOG_OUT_GUEST = "退出后，本机不再显示您的购物车和订单；保存了订单链接就还能打开。", "After that, this device no longer shows your cart and orders. An order can still be opened by its link.";
    LOG_IN_AGAIN = "重新登录", "Log in again";
    LOGIN_FAILED = "登录没有成功。", "The login did not succeed.";
    LOGIN_NOT_KEPT = "登录没有保存下来。请检查微信是否允许本页使用 Cookie，然后重新登录。", "The login was not kept. Please let WeChat keep cookies for this page, then log in again.";
    LOGIN_REFUSED = "您取消了微信授权，可以随时再登录。", "You did not allow it. You can log in whenever you like.";
    LOGIN_TAP = "点此重新登录", "Tap to log in again";
    ME = "我的", "Me";
    NOTE_TO_SHOP = "给商家留言", "Note to the shop";
    MY_ORDERS = "我的订单", "My orders";
    NEW_ADDRESS = "使用新地址", "A new address";
    WECHAT_USER = "微信用户", "WeChat user";
    NOTHING_FOUND = "没有找到相关商品", "Nothing found";
    NOT_ADDED = "没有加入购物车", "Not added to the cart";
    NOT_REQUESTED = "没有申请成功", "Not requested";
    NOT_CANCELLED = "没有取消", "Not cancelled";
    NOT_FOUND = "没有找到", "Not found";
    NOT_LOGGED_IN = "没有登录", "Not logged in";
    NOT_ORDERED = "没有下单", "Not ordered";
    NOT_PAID = "没有支付", "Not paid";
    NOT_SAVED = "没有保存", "Not saved";
    NOT_TOPPED_UP = "没有充值", "Not topped up";
    NO_ADDRESSES = "还没有收货地址", "No addresses yet";
    NO_EARLIER_ORDERS = "没有更早的订单", "No earlier orders";
    NO_ORDERS = "还没有订单，去挑一件吧", "No orders yet. Find something you like.";
    OPENING_PAY = "正在打开微信支付", "Opening WeChat Pay";
    OPENING_PAY_HINT = "没有反应？请确认您在微信中打开了本页。", "Nothing happens? Make sure that this page is open in WeChat.";
    OPEN_SHOP = "打开本店", "Open the shop";
    WRONG_ADDRESS = "请从本店的网址进入", "Please use the shop's own address";
    WRONG_ADDRESS_HINT = "您打开的不是本店对外的网址，请点下面的按钮进入后再下单和支付。", "This is not the address under which the shop sells. Tap below, then order and pay there.";
    PAY_ELSEWHERE = "换个设备或请朋友付款", "Pay on another device, or let a friend pay";
    PAY_ELSEWHERE_HINT = "有这个链接的人可以查看并支付本订单：", "Whoever has this link can see and pay this order:";
    OPEN_IN_WECHAT = "请在微信中打开", "Please open this in WeChat";
    OPEN_IN_WECHAT_HINT = "此功能需要在微信中使用：复制网址发送给微信好友或“文件传输助手”，再点开即可。", "This works inside WeChat: send the address to a chat or to File Transfer and open it there.";
    ORDER = "订单详情", "Order";
    ORDER_AGAIN = "再来一单", "Order again";
    ORDER_ID = "订单编号", "Order no.";
    BROWSE = "去逛逛", "Look around";
    ERROR = "出了点问题", "Something went wrong";
    PAID = "已支付", "Paid";
    PAID_AT = "支付时间", "Paid";
    PARTLY_REFUNDED = "部分退款", "Partly refunded";
    PAY = "微信支付", "WeChat Pay";
    PAY_AGAIN = "重新支付", "Pay again";
    PAY_UNTIL = "支付时限", "Pay until";
    PHONE = "手机号码", "Phone";
    PLACED = "提交订单", "Order placed";
    PRICE_WAS = "价格有变化，原价", "The price has changed; it was";
    PROFILE_HINT = "使用微信头像和昵称", "Use my WeChat picture and name";
    CHOOSE_SPEC_AND_QUANTITY = "请选择规格，数量为 1 到 99", "Please choose a kind, and a quantity from 1 to 99";
    RECEIPT = "收据", "Receipt";
    RECIPIENT = "收货人", "Name";
    REFUNDED = "已退款", "Refunded";
    REFUND_ABNORMAL = "退款异常，商家正在处理", "The refund needs the shop's attention";
    REFUND_CLOSED = "退款关闭", "Refund closed";
    REFUND_PENDING = "退款处理中", "Refund under way";
    REFUND_REASON_HINT = "请说明退款原因", "Please say why";
    REGION = "所在地区", "Province, city, district";
    REMOVE = "移除", "Remove";
    SAVE = "保存", "Save";
    SCAN = "请用微信“扫一扫”付款", "Scan this with WeChat to pay";
    SCAN_HINT = "付款后本页会自动更新", "This page updates by itself once it is paid";
    SEARCH = "搜索", "Search";
    SEARCH_GOODS = "搜索商品", "Search the shop";
    SHIPPED = "已发货", "Shipped";
    SHIPPED_HINT = "商品已经发出，请留意收货", "It is on its way";
    SHOP_SLOGAN = "慢慢挑，好好用", "Choose slowly, use it long";
    SHOP_SHARED = "微信里的小店", "A little shop in WeChat";
    SOLD_OUT = "已售罄", "Sold out";
    OFF_SHELF = "已下架", "No longer sold";
    SPEC = "规格", "Kind";
    NOT_ENOUGH_STOCK = "库存不足", "Not enough in stock";
    TEXT_TOO_LONG = "内容太长", "That is too long";
    TEXT_TOO_LONG_HINT = "请缩短填写的内容后再提交。", "Please shorten what you entered, then send it again.";
    TOP_UP = "余额充值", "Top up";
    TOP_UP_AMOUNT = "充值金额（元）", "Amount (yuan)";
    TOP_UP_OTHER = "其他金额", "Another amount";
    TOTAL = "合计", "Total";
    TRANSACTION_ID = "微信支付单号", "WeChat Pay no.";
    UNPAID = "待付款", "To pay";
    WAIT = "请稍等", "One moment";
    WECHAT_ADDRESS = "使用微信收货地址", "Use my WeChat address";
    PAYMENT_DONE = "支付完成了吗？", "Did the payment go through?";
    PAYMENT_DONE_HINT = "我们会向微信确认结果，不会重复扣款。", "We ask WeChat; nothing is charged twice.";
    ADDRESS_AND_NOTE = "地址、留言", "Address, note";
}

/// What a shopper reads of an order's state, and of its money.
pub(crate) const fn state(state: OrderState, standing: Standing) -> Said {
    match state {
        _ if matches!(standing, Standing::Returning | Standing::Unknown) => REFUND_PENDING,
        OrderState::Created | OrderState::Paying => UNPAID,
        OrderState::Closing => CLOSING,
        OrderState::Closed => CLOSED,
        OrderState::Paid => PAID,
        OrderState::PartlyRefunded => PARTLY_REFUNDED,
        OrderState::Refunded => REFUNDED,
    }
}

/// What it means for the shopper.
pub(crate) const fn explanation(kind: OrderKind, state: OrderState, standing: Standing) -> Said {
    match state {
        _ if matches!(standing, Standing::Returning | Standing::Unknown) => {
            Said { zh: "款项正在原路退回", en: "The money is on its way back" }
        }
        OrderState::Created | OrderState::Paying => {
            Said { zh: "请在时限内完成支付", en: "Please pay before the time is over" }
        }
        OrderState::Closing => CONFIRMING_CLOSE,
        OrderState::Closed => {
            Said { zh: "订单没有支付，已经关闭", en: "The order was not paid and is closed" }
        }
        OrderState::PartlyRefunded => Said {
            zh: "部分款项已原路退回",
            en: "A part of the money has been returned the way it came",
        },
        OrderState::Refunded => {
            Said { zh: "全部款项已原路退回", en: "The money has been returned the way it came" }
        }
        OrderState::Paid => match kind {
            OrderKind::Goods => Said { zh: "我们会尽快为您发货", en: "We will send it soon" },
            OrderKind::TopUp => Said { zh: "已充入您的余额", en: "It is in your balance" },
        },
    }
}

/// How far a refund is.
pub(crate) const fn refund(state: RefundState) -> Said {
    match state {
        RefundState::Requested | RefundState::Processing => REFUND_PENDING,
        RefundState::Success => REFUNDED,
        RefundState::Closed => REFUND_CLOSED,
        RefundState::Abnormal => REFUND_ABNORMAL,
    }
}

/// How many are left.
pub(crate) fn left(pieces: i64) -> String {
    match language() {
        Language::Chinese => format!("剩 {pieces} 件"),
        Language::English => format!("{pieces} left"),
    }
}

/// Until when an order can be paid.
pub(crate) fn pay_before(time: &str) -> String {
    match language() {
        Language::Chinese => format!("请在 {time} 前支付，过时订单会自动关闭"),
        Language::English => format!("Please pay before {time}; the order closes by itself then"),
    }
}

/// How many things a search found.
pub(crate) fn found(things: usize) -> String {
    match language() {
        Language::Chinese => format!("找到 {things} 件商品"),
        Language::English => format!("{things} found"),
    }
}
