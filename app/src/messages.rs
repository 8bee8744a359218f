//! The words and sentences that shoppers read, in both languages. Only the server translates, so the WebAssembly
//! contains no sentence.

use leptos::prelude::use_context;
use model::{
    Fen, Language, LocalizedText,
    after_sale::{AfterSaleKind, AfterSaleState},
    freight::{FreightRule, FreightUnit},
    order::{DeliveryProgress, OrderKind, OrderState, OrderTab, PaymentProgress, RefundProgress, Standing},
    record::WalletReason,
    refund::RefundState,
};
use shop::{ASK_FOR_PICKUP, ShopError};

/// The language of the current page.
pub(crate) fn language() -> Language {
    use_context().unwrap_or_default()
}

/// The text in the language of the current page.
pub(crate) fn t(message: LocalizedText) -> &'static str {
    message.to(language())
}

macro_rules! messages {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: LocalizedText = LocalizedText { zh: $zh, en: $en };
        )*
    };
}

messages! {
    ADDED_TO_CART = "已加入购物车", "Added to the cart";
    ALL = "全部", "All";
    MESSAGES_ALLOWED = "已开启通知，有进展时会在微信里告诉您。", "Messages are on: WeChat tells you when something happens.";
    ALLOW_MESSAGES = "开启订单通知", "Get messages about this order";
    ALLOW_AFTER_SALE_MESSAGES = "开启售后通知", "Get messages about this request";
    ALLOW_AFTER_SALE_MESSAGES_HINT = "开启后，商家处理售后时会在微信里通知您。", "WeChat then tells you when the shop answers.";
    ALLOW_MESSAGES_HINT = "开启后，订单有进展时会在微信里通知您。", "WeChat then tells you when your order is shipped or refunded.";
    CART_CHANGED = "购物车有变化：有些商品已不在购物车里，请核对", "Your cart has changed: some products are no longer in it. Please have a look.";
    CHOOSE_ALL = "全选", "Select all";
    CHOOSE_CITY = "请选择城市", "Choose a city";
    CHOOSE_PROVINCE = "请选择省份", "Choose a province";
    PROVINCE = "省份", "Province";
    CITY = "城市", "City";
    COURIER = "快递配送", "Delivery";
    COLLECTOR = "取货人", "Collected by";
    COLLECTOR_NAME = "取货人姓名", "Name";
    COLLECTOR_PHONE = "取货人电话", "Phone";
    COLLECT_AT = "取货地点", "Collect at";
    DELIVERY_FEE = "运费", "Delivery fee";
    DELIVERY_FEES = "运费说明", "Delivery fees";
    NO_DELIVERY_ELSEWHERE = "其他地区暂不配送", "No delivery to other regions";
    OTHER_REGIONS = "其他地区", "Other regions";
    DELIVERY_STATE = "配送", "Delivery";
    EDIT = "编辑", "Edit";
    EDIT_ADDRESS = "编辑地址", "Edit address";
    SEE_MARKED_FIELDS = "请检查标出的内容", "Please check the marked fields.";
    FILL_IN = "请填写", "Please fill this in";
    BY_WECHAT_PAY = "微信支付", "WeChat Pay";
    FROM_BALANCE = "余额支付", "From your balance";
    LEDGER = "余额明细", "Changes";
    LEDGER_EMPTY = "暂无明细", "No changes yet";
    EARLIER = "更早", "Earlier";
    PLACE_ORDER = "提交订单", "Place order";
    FEE_BY_REGION = "选择地区后显示", "Shown after you choose a region";
    FILL_IN_DELIVERY = "填写收货信息", "Choose delivery";
    CHANGE_ADDRESS = "修改地址", "Change the address";
    CHANGE_ADDRESS_HINT = "发货前可以修改。运费已付，新地址的运费要相同。", "You can change it until we send the goods. The delivery fee is paid, so it must be the same there.";
    FREE = "包邮", "Free";
    GOODS_TOTAL = "商品金额", "Products";
    GO_TO_CART = "去购物车", "Go to the cart";
    GO_TO_PAY = "去付款", "Pay";
    LOOK_AT_PARCEL = "查物流", "Track";
    NOT_CHOSEN = "请选择收货方式", "Please choose how to receive your order";
    NOT_FOUND_YET = "还没有收到付款结果。如果您已付款，通常几分钟内会更新，不会重复扣款。", "No payment has arrived yet. If you have paid, this page updates within a few minutes. You are not charged twice.";
    NO_DELIVERY = "暂不配送到这里", "No delivery to this region";
    ORDERS_OF_TAB_EMPTY = "没有这类订单", "No such orders";
    OWNER_CHOOSES = "请下单人先选择收货方式", "The person who ordered has to choose the delivery first.";
    PARCEL = "物流", "Parcel";
    PAYMENT_STATE = "付款", "Payment";
    PHONE_PROBLEM = "号码有误：请填手机号，或带区号的座机号", "Please enter a mobile number, or a landline with its area code";
    REDUCTION = "优惠", "Discount";
    REFUND = "退款", "Refund";
    REFUND_STATE = "退款", "Refund";
    REFUND_WAITS = "退款申请中", "Refund requested";
    REGION_PLACEHOLDER = "请填写区县，如徐汇区", "For example: Xuhui";
    DONE_ADDRESS = "地址已保存", "Address saved";
    DONE_DEFAULT = "已设为默认地址", "This is your default address now";
    DONE_DELETED = "地址已删除", "Address deleted";
    DONE_INVOICE = "已提交开票申请，商家开具后会发到您的邮箱", "Invoice requested. The shop sends it to your e-mail address.";
    DONE_WITHDRAWN = "售后申请已撤销", "Your request is withdrawn";
    REMOVED_FROM_CART = "已移除", "Removed:";
    UNDO = "撤销", "Undo";
    WITHDRAW_HINT = "撤销后，商家不再处理这次申请；之后可以重新申请。", "The shop then stops handling this request. You can ask again later.";
    WITHDRAW_FOR_SURE = "确认撤销", "Withdraw it";
    SERVICE_HELP = "客服帮助", "Customer service";
    SERVICE_PAY = "微信支付", "WeChat Pay";
    SERVICE_REFUND = "退款原路返回", "Refunds to your payment method";
    SHARE = "分享给朋友", "Share";
    SHARE_HINT = "点右上角“···”，选择“发送给朋友”或“分享到朋友圈”。", "Tap “···” at the top right, then choose Send to Chat or Share on Moments.";
    SHEET_CANCELLED = "您取消了支付，可以继续付款。", "You cancelled the payment. You can still pay.";
    SHEET_FAILED = "支付没有成功，没有扣款，请重试。", "The payment failed and you were not charged. Please try again.";
    SHEET_OK = "微信还没有确认您的付款，我们会继续查询，请勿重复支付。", "WeChat has not confirmed your payment yet. We keep checking. Please do not pay again.";
    TEXT_LONG = "太长了", "This is too long";
    TO_COLLECT = "待取货", "Ready to collect";
    TO_RECEIVE = "待收货", "Shipped";
    TO_SHIP = "待发货", "To ship";
    TRACKING_NUMBER = "运单号", "Tracking number";
    ADDRESS = "收货地址", "Delivery address";
    ADDRESSES = "收货地址", "Delivery addresses";
    ADD_ADDRESS = "添加地址", "Add an address";
    ADD_TO_CART = "加入购物车", "Add to cart";
    AND_UP = "起", "and up";
    BACK = "返回", "Back";
    BACK_TO_ORDER = "返回订单", "Back to the order";
    BACK_TO_PRODUCT = "返回商品", "Back to the product";
    BALANCE = "余额", "Balance";
    BROWSE = "去逛逛", "Browse products";
    BUY_NOW = "立即购买", "Buy now";
    CANCEL_FOR_SURE = "确定取消", "Cancel this order";
    CANCEL_HINT = "取消后不能恢复，需要时请重新下单", "You cannot undo this. You can order again.";
    CANCEL_ORDER = "取消订单", "Cancel order";
    CANCELLED = "已取消", "Cancelled";
    CANCELLED_HINT = "您已取消订单，没有扣款", "You cancelled this order. You were not charged.";
    CART = "购物车", "Cart";
    CATEGORIES = "分类", "Categories";
    CHECKING_PAYMENT = "正在查询支付结果…", "Checking the payment…";
    CHECK_OUT = "结算", "Check out";
    CHOOSE = "选择", "Select";
    CHOOSE_SPEC_AND_QUANTITY = "请选择规格，数量为 1 到 99", "Please choose an option and a quantity from 1 to 99";
    CHOOSE_SPEC = "选择规格", "Choose an option";
    CLOSE = "关闭", "Close";
    CLOSED = "已关闭", "Closed";
    COPIED = "已复制", "Copied";
    COPY = "复制", "Copy";
    CLOSING = "取消中", "Cancelling";
    CONFIRMING_CLOSE = "正在取消：微信确认后订单关闭，最长 5 分钟左右", "We cancel it as soon as WeChat confirms, within about 5 minutes.";
    CONFIRM_ORDER = "确认订单", "Confirm your order";
    DECREASE = "减少", "Decrease";
    DEFAULT_ADDRESS = "默认", "Default";
    MAKE_DEFAULT = "设为默认", "Make it the default";
    DELETE = "删除", "Delete";
    DELETE_FOR_SURE = "确定删除", "Delete this address";
    DELIVERY = "配送", "Delivery";
    DETAIL_PLACEHOLDER = "请填写街道、小区、门牌号", "Street, building, flat";
    DESCRIPTION = "商品介绍", "Description";
    EARLIER_ORDERS = "更早的订单", "Earlier orders";
    EMPTY_CART = "购物车是空的，去挑一件吧", "Your cart is empty.";
    ERROR = "出了点问题", "Something went wrong";
    GO_HOME = "回到首页", "Back to the shop";
    GUEST = "访客", "Guest";
    HAVE_PAID = "我已完成支付", "I have paid";
    HOME = "首页", "Home";
    HELP = "联系客服", "Contact us";
    PRIVACY = "隐私", "Privacy";
    WHAT_IS_KEPT = "小店保存的信息", "What the shop keeps";
    KEPT_PROFILE = "微信账号标识，以及经您同意获取的昵称和头像", "Your WeChat id, and your nickname and picture if you agreed";
    KEPT_ADDRESSES = "收货地址、电话和购物车", "Addresses, phone numbers and the cart";
    KEPT_ORDERS = "订单和留言、付款、退款和售后图片、余额明细、发票、投诉", "Orders and notes, payments, refunds and their pictures, balance, invoices, complaints";
    KEPT_MESSAGES = "我们发给您的通知记录", "Which messages were sent to you";
    NOTHING_KEPT = "小店没有保存您的信息", "The shop keeps nothing about you.";
    MY_DATA = "查看我的信息", "My data";
    COPY_MY_DATA = "下载我的信息", "Download my data";
    ERASE_MY_DATA = "注销并删除我的信息", "Close my account and erase my data";
    ERASE_WHAT = "将删除昵称、头像、地址、购物车和消息，以及全部订单里的姓名、电话、地址和备注。您会退出登录，以后看不到这些订单，也不能恢复。", "This erases your nickname, picture, addresses, cart and messages, and the name, telephone, address and note in all orders. You are logged out, and you cannot see these orders again. It cannot be undone.";
    ERASE_KEEPS = "法律要求小店保留交易记录：订单和金额会保留，但不再与您有关。", "The law asks the shop to keep its records: orders and amounts stay, without your name.";
    ERASE_FOR_SURE = "确认删除", "Erase for sure";
    ERASE_NOT_YET = "暂时无法注销", "Not possible yet";
    ERASE_UNPAID = "还有未付款的订单，请先付款或取消。", "An order is not paid. Please pay or cancel it first.";
    ERASE_UNDELIVERED = "还有未收货的订单，请确认收货后再操作。", "An order has not arrived, or you have not confirmed it.";
    ERASE_REFUND = "还有未完成的退款或售后申请。", "A refund, or a request for one, has not ended.";
    ERASE_BALANCE = "余额里还有钱，请先用完，或联系商家退款。", "There is money in your balance. Please use it, or ask the shop for a refund.";
    ERASE_COMPLAINT = "还有未结束的投诉。", "A complaint has not ended.";
    ERASE_DISCREPANCY = "商家还在核对您的一笔付款，请联系商家。", "The shop is checking one of your payments. Please contact the shop.";
    ERASED = "已删除", "Erased";
    ERASED_HINT = "您的信息已删除，并已退出登录", "Your data was erased, and you are logged out.";
    INVOICE = "发票", "Invoice";
    ASK_FOR_INVOICE = "申请发票", "Ask for an invoice";
    INVOICE_ASKED = "发票待开具", "Invoice requested";
    INVOICE_ISSUED = "发票已开具", "Invoice issued";
    INVOICE_ISSUED_HINT = "发票已发到上面的邮箱，需要更正请联系商家", "The shop sent it to this e-mail address. Please contact the shop about a correction.";
    INVOICE_FOR = "抬头类型", "Made out to";
    INVOICE_PERSON = "个人", "A person";
    INVOICE_COMPANY = "企业", "A company";
    INVOICE_TITLE = "发票抬头", "Name on the invoice";
    INVOICE_TITLE_PLACEHOLDER = "姓名或企业全称", "Name of the person or company";
    INVOICE_HINT = "电子发票会发到这个邮箱。商家开票之前可以修改。", "The shop sends the invoice to this address. You can change it until the shop issues it.";
    TAX_NUMBER = "税号", "Tax number";
    TAX_NUMBER_PLACEHOLDER = "企业必填", "For a company";
    EMAIL = "邮箱", "E-mail";
    EMAIL_PLACEHOLDER = "用来接收发票", "Where the invoice is sent";
    HOURS = "服务时间", "Hours";
    INCREASE = "增加", "Increase";
    JOIN_HINT = "合并我在小程序和电脑上的订单", "Show my orders from the mini program and the computer";
    LANGUAGE = "English", "中文";
    LOGIN_FAILED = "登录没有成功。", "Login failed.";
    LOGIN_NOT_KEPT = "登录没有保存下来。请检查微信是否允许本页使用 Cookie，然后重新登录。", "Your login was not saved. Please allow cookies for this page in WeChat, then log in again.";
    LOGIN_REFUSED = "您取消了微信授权，可以随时再登录。", "You cancelled the login. You can log in at any time.";
    LOGIN_TAP = "点此重新登录", "Tap to log in again";
    LOG_IN_AGAIN = "重新登录", "Log in again";
    LOG_OUT = "退出登录", "Log out";
    LOG_OUT_GUEST = "退出后，本机不再显示您的购物车和订单；保存了订单链接就还能打开。", "After you log out, this device does not show your cart and orders. You can still open an order by its link.";
    ME = "我的", "Me";
    MY_ORDERS = "我的订单", "My orders";
    NAME_PLACEHOLDER = "请填写收货人姓名", "Full name";
    NEW_ADDRESS = "使用新地址", "New address";
    NOTE_OPTIONAL = "给商家留言（选填）", "Note (optional)";
    NOTE_TO_SHOP = "给商家留言", "Note to the shop";
    NOTHING_FOUND = "没有找到相关商品", "No products found";
    NOT_ADDED = "没有加入购物车", "Not added to the cart";
    NOT_CANCELLED = "没有取消", "Order not cancelled";
    NOT_ENOUGH_STOCK = "库存不足", "Not enough in stock";
    NOT_FOUND = "没有找到", "Not found";
    NOT_LOGGED_IN = "没有登录", "Not logged in";
    NOT_ORDERED = "没有下单", "Order not placed";
    NOT_PAID = "没有支付", "Not paid";
    NOT_REQUESTED = "没有申请成功", "Refund not requested";
    NOT_SAVED = "没有保存", "Not saved";
    NOT_YET_ON_SALE = "尚未开售", "Not on sale yet";
    NOT_TOPPED_UP = "充值未成功", "Top-up failed";
    TAB_UNPAID = "待付款", "Unpaid";
    TELEPHONE = "电话", "Telephone";
    COMPLAINT_TELEPHONE = "投诉电话", "Complaints";
    LICENCE = "营业执照", "Business licence";
    OPERATOR = "经营者", "Operated by";
    WECHAT_SERVICE = "微信客服", "WeChat customer service";
    NO_ADDRESSES = "还没有收货地址", "No addresses yet";
    NO_EARLIER_ORDERS = "没有更早的订单", "No earlier orders";
    NO_ORDERS = "还没有订单，去挑一件吧", "You have no orders yet.";
    OFFLINE = "网络断开了。已填的内容都在，连上网络后请再点一次。", "You are offline. Nothing you typed is lost. Tap again when you are connected.";
    OFF_SHELF = "已下架", "No longer sold";
    OPENING_PAY = "正在打开微信支付", "Opening WeChat Pay";
    OPENING_PAY_HINT = "没有弹出支付窗口？请在微信中打开本页。", "No payment window? Please open this page in WeChat.";
    OPEN_IN_WECHAT = "请在微信中打开", "Please open this page in WeChat";
    OPEN_IN_WECHAT_HINT = "此功能需要在微信中使用：复制网址发送给微信好友或“文件传输助手”，再点开即可。", "This feature works only in WeChat. Copy the address, send it to a friend or to File Transfer, and open it there.";
    OPEN_SHOP = "打开本店", "Open the shop";
    ORDER = "订单详情", "Order details";
    ORDERS_TAB = "订单", "Orders";
    ORDER_AGAIN = "再来一单", "Order again";
    ORDER_ID = "订单编号", "Order number";
    PAID = "已支付", "Paid";
    PAID_AT = "支付时间", "Paid at";
    PAY = "微信支付", "WeChat Pay";
    PAYMENT_DONE = "支付完成了吗？", "Have you paid?";
    PAYMENT_DONE_HINT = "我们会向微信确认结果，不会重复扣款。", "We check the payment with WeChat. You will not be charged twice.";
    PAY_AGAIN = "重新支付", "Pay again";
    PAY_ELSEWHERE = "找朋友代付，或换设备付款", "Pay on another device, or ask a friend to pay";
    PAY_ELSEWHERE_HINT = "把链接发给朋友，对方可查看并支付此订单：", "Anyone with this link can see and pay for this order:";
    PHONE = "手机号码", "Phone number";
    PHONE_PLACEHOLDER = "请填写手机号码", "Mobile number";
    PICKUP = "到店自取", "Store pickup";
    PICKUP_FREE = "自取免运费", "No delivery fee";
    PICKUP_CODE = "取货码", "Pickup code";
    PICKUP_CODE_HINT = "就是订单编号的后四位，取货时告诉店员即可", "The last four digits of the order number. Tell the staff.";
    PICKUP_HINT = "请到店自取，把取货码告诉店员", "Please collect it at the shop and tell the staff your pickup code.";
    PICTURES = "商品图片", "Pictures";
    PLACED = "提交订单", "Order placed";
    PRICE_WAS = "价格有变化，原价", "The price has changed. It was";
    PROFILE_HINT = "使用微信头像和昵称", "Use my WeChat photo and name";
    QUANTITY = "数量", "Quantity";
    RECEIPT = "收据", "Receipt";
    RECIPIENT = "收货人", "Recipient";
    REFUNDED = "已退款", "Refunded";
    REFUND_ABNORMAL = "退款异常，商家正在处理", "The refund has a problem. The shop is working on it.";
    REFUND_CLOSED = "退款关闭", "Refund closed";
    REFUND_DECLINED = "商家没有同意退款", "The shop declined your refund request";
    REFUND_ARRIVES = "退到零钱一般几分钟到账，退到银行卡一般 1 至 3 个工作日到账", "WeChat Pay balance: within some minutes. Bank card: usually 1 to 3 working days.";
    REFUND_TO_BALANCE = "退回余额", "To your balance in this shop";
    REFUND_TO_WECHAT = "退回付款的微信账户", "To the WeChat account that paid";
    REFUND_PENDING = "退款处理中", "Refund in progress";
    AFTER_SALE_DETAILS = "补充说明（选填；选“其他原因”时必填）", "More details (optional; please write them for another reason)";
    OTHER_REASON = "其他原因", "Another reason";
    REFUND_REQUESTED = "已申请退款，等待商家处理", "You requested a refund. The shop will reply.";
    REGION = "区县", "District";
    REMOVE = "删除", "Remove";
    SEND_REQUEST = "提交申请", "Send the request";
    WITHDRAW_REQUEST = "撤销申请", "Withdraw the request";
    AFTER_SALE = "售后", "Return or refund";
    ASK_FOR_AFTER_SALE = "申请售后", "Return or refund";
    AFTER_SALE_KIND = "售后类型", "What do you need?";
    AFTER_SALE_LINES = "商品和件数", "Products and pieces";
    AFTER_SALE_PICTURES = "图片（选填，最多 4 张）", "Pictures (optional, at most 4)";
    AFTER_SALE_AMOUNT = "退款金额", "Amount";
    AFTER_SALE_FREIGHT_HINT = "全部商品都没有发出时，运费一起退。", "If nothing was sent yet and you choose everything, you get the delivery fee back, too.";
    AFTER_SALE_EXPECTED = "预计退款", "You get back";
    CHOOSE_PICTURES = "选择图片", "Choose pictures";
    NOT_SENT_YET = "商品还没有发出，无需退货；收到商品后可申请退货退款。", "Nothing was sent yet, so there is nothing to send back. After the goods arrive, you can ask for a return.";
    CHOOSE_KIND = "请选择售后类型", "Please choose what you need.";
    CHOOSE_PIECES = "请选择要售后的商品和件数", "Please choose the products and the number of pieces.";
    REFUND_ONLY = "仅退款", "Refund only";
    REFUND_ONLY_HINT = "没有收到货，或与商家商量好不用退货", "The goods did not arrive, or the shop agreed that you keep them.";
    RETURN_AND_REFUND = "退货退款", "Return and refund";
    RETURN_AND_REFUND_HINT = "商家同意后寄回商品，商家收到后退款", "After the shop agrees, you send the goods back. Then you get your money.";
    AFTER_SALE_REASON = "退款原因", "Reason";
    AFTER_SALE_REQUESTED = "等待商家处理", "Waiting for the shop";
    AFTER_SALE_RETURNING = "请寄回商品", "Please send the goods back";
    AFTER_SALE_RETURNED = "等待商家收货", "The shop waits for your parcel";
    AFTER_SALE_RECEIVED = "商家已收到退货", "The shop has the goods";
    AFTER_SALE_FAILED = "退款没有成功，商家正在处理", "The refund did not succeed. The shop is working on it.";
    AFTER_SALE_WITHDRAWN = "已撤销申请", "Request withdrawn";
    AFTER_SALE_EXPIRED = "没有按时寄回，申请已关闭", "Closed: the goods were not sent in time";
    RETURN_TO = "请寄到", "Send the goods to";
    SENT_BACK = "寄回包裹", "Your parcel";
    SAVE_PARCEL = "我已寄出", "I sent the parcel";
    CORRECT_PARCEL = "修改运单号", "Correct the number";
    CARRIER = "快递公司", "Carrier";
    CARRIER_PLACEHOLDER = "例如 顺丰", "For example SF Express";
    TRACKING_PLACEHOLDER = "快递面单上的号码", "The number on the label";
    ANSWER_OF_SHOP = "商家答复", "The shop's answer";
    PICTURE_OF_AFTER_SALE = "售后图片", "Picture";
    SAVE = "保存", "Save";
    SCAN = "请用微信“扫一扫”付款", "Scan with WeChat to pay";
    SCAN_TO_LOG_IN = "微信扫码登录", "Log in: scan with WeChat";
    SCAN_TO_LOG_IN_HINT = "请在微信中打开本页，或用微信扫码登录。", "Open this page in WeChat, or scan a code with WeChat to log in.";
    SCAN_HINT = "付款后本页会自动更新", "This page updates automatically after you pay";
    SEARCH = "搜索", "Search";
    SEARCH_HINT = "请输入商品名称", "Type the name of a product";
    SEARCH_GOODS = "搜索商品", "Search products";
    SHIPPED_AT = "发货时间", "Shipped";
    SHIPPED = "已发货", "Shipped";
    COLLECTED = "已取货", "Collected";
    COLLECTED_HINT = "您已在店内取货，感谢惠顾", "You collected your order. Thank you";
    CONFIRM_RECEIPT = "确认收货", "Confirm receipt";
    CONFIRM_RECEIPT_HINT = "请收到商品后再确认", "Please confirm after you have the goods.";
    NOT_CONFIRMED = "没有确认收货", "Receipt not confirmed";
    MORE_PARCELS = "还有包裹没有发出", "More parcels follow";
    RECEIVED_AT = "收货时间", "Received";
    RECEIVED = "已收货", "Received";
    RECEIVED_HINT = "您已收到商品，感谢惠顾", "You have your order. Thank you";
    SHIPPED_HINT = "商品已经发出，请留意收货", "Your order is on its way";
    SHOP_SHARED = "微信里的小店", "A small shop in WeChat";
    SHOP_SLOGAN = "慢慢挑，好好用", "Take your time. Choose things that last.";
    OTHER_COMBINATION = "换其他组合", "Other choices";
    SALE_ENDED = "已停售", "Sale ended";
    SOLD_OUT = "已售罄", "Sold out";
    SPEC = "规格", "Options";
    STEP_COLLECT = "取货", "Pickup";
    STEP_RECEIVE = "收货", "Receipt";
    STEP_SHIP = "发货", "Shipping";
    STREET_ADDRESS = "详细地址", "Street address";
    TEXT_TOO_LONG = "内容太长", "The text is too long";
    TEXT_TOO_LONG_HINT = "请缩短填写的内容后再提交。", "Please shorten the text and send it again.";
    TO_PAY = "应付", "To pay";
    TOP_UP = "余额充值", "Top up";
    TOP_UP_AMOUNT = "充值金额（元）", "Amount (yuan)";
    TOP_UP_OTHER = "其他金额", "Other amount";
    TOTAL = "合计", "Total";
    TRANSACTION_ID = "微信支付单号", "WeChat Pay number";
    UNPAID = "待付款", "Awaiting payment";
    WAIT = "请稍等", "Please wait";
    WECHAT_ADDRESS = "使用微信收货地址", "Use my WeChat address";
    WECHAT_USER = "微信用户", "WeChat user";
    WRONG_ADDRESS = "请从本店的网址进入", "Please use the shop's own address";
    WRONG_ADDRESS_HINT = "您打开的不是本店对外的网址，请点下面的按钮进入后再下单和支付。", "You opened this page at a different address. Tap the button below, then order and pay there.";
}

/// The title of an order. A refund of everything goes before the state of the payment.
pub(crate) const fn title(state: OrderState, standing: Standing) -> LocalizedText {
    match state {
        _ if matches!(standing, Standing::Returning | Standing::Unknown) => REFUND_PENDING,
        OrderState::Created | OrderState::Paying => UNPAID,
        OrderState::Closing => CLOSING,
        OrderState::Closed => CLOSED,
        OrderState::Paid | OrderState::PartlyRefunded => PAID,
        OrderState::Refunded => REFUNDED,
    }
}

/// The word for the state of a payment.
pub(crate) const fn payment(progress: PaymentProgress) -> LocalizedText {
    match progress {
        PaymentProgress::Awaiting => UNPAID,
        PaymentProgress::Cancelling => CLOSING,
        PaymentProgress::Closed => CLOSED,
        PaymentProgress::Paid => PAID,
    }
}

/// The word for the state of a delivery; `None` if nothing is delivered.
pub(crate) const fn delivery(progress: DeliveryProgress) -> Option<LocalizedText> {
    match progress {
        DeliveryProgress::Nothing => None,
        DeliveryProgress::ToShip => Some(TO_SHIP),
        DeliveryProgress::ToCollect => Some(TO_COLLECT),
        DeliveryProgress::Shipped => Some(SHIPPED),
        DeliveryProgress::Received => Some(RECEIVED),
        DeliveryProgress::Collected => Some(COLLECTED),
    }
}

/// The word for the state of a refund; `None` if there is none.
pub(crate) fn refund_state(progress: RefundProgress) -> Option<String> {
    match progress {
        RefundProgress::Nothing => None,
        RefundProgress::Requested => Some(t(REFUND_WAITS).to_owned()),
        RefundProgress::Processing => Some(t(REFUND_PENDING).to_owned()),
        RefundProgress::Partly(fen) => Some(match language() {
            Language::Chinese => format!("已退 ¥{fen}"),
            Language::English => format!("¥{fen} refunded"),
        }),
        RefundProgress::Fully => Some(t(REFUNDED).to_owned()),
    }
}

/// The word for a tab of the list of orders.
pub(crate) const fn tab(tab: OrderTab) -> LocalizedText {
    match tab {
        OrderTab::All => ALL,
        OrderTab::ToPay => TAB_UNPAID,
        OrderTab::ToShip => TO_SHIP,
        OrderTab::Shipped => TO_RECEIVE,
        OrderTab::Refund => REFUND,
    }
}

/// The sentence beside a wrong field.
#[must_use]
pub const fn field_problem(problem: &ShopError) -> LocalizedText {
    match problem {
        ShopError::AddressIncomplete | ShopError::CollectorIncomplete => FILL_IN,
        ShopError::PhoneInvalid => PHONE_PROBLEM,
        ShopError::AddressTooLong => TEXT_LONG,
        // the sentences of the other errors fit beside a field
        other => other.sentence(),
    }
}

/// The sentence below the title of an order.
pub(crate) const fn explanation(
    kind: OrderKind,
    state: OrderState,
    standing: Standing,
    delivery: DeliveryProgress,
) -> LocalizedText {
    match state {
        _ if matches!(standing, Standing::Returning | Standing::Unknown) => {
            LocalizedText { zh: "款项正在原路退回", en: "The refund is on its way to you" }
        }
        OrderState::Created | OrderState::Paying => {
            LocalizedText { zh: "请在时限内完成支付", en: "Please pay before the time limit" }
        }
        OrderState::Closing => CONFIRMING_CLOSE,
        OrderState::Closed => LocalizedText {
            zh: "超时未付款，订单已关闭，没有扣款",
            en: "The order was not paid in time, so it is closed",
        },
        OrderState::Refunded => LocalizedText {
            zh: "全部款项已原路退回",
            en: "The money went back to your payment method",
        },
        OrderState::Paid | OrderState::PartlyRefunded => match (kind, delivery) {
            (OrderKind::TopUp, _) => {
                LocalizedText { zh: "已充入您的余额", en: "The money is in your balance" }
            }
            (OrderKind::Goods, DeliveryProgress::ToCollect) => PICKUP_HINT,
            (OrderKind::Goods, DeliveryProgress::Shipped) => SHIPPED_HINT,
            (OrderKind::Goods, DeliveryProgress::Received) => RECEIVED_HINT,
            (OrderKind::Goods, DeliveryProgress::Collected) => COLLECTED_HINT,
            (OrderKind::Goods, DeliveryProgress::ToShip | DeliveryProgress::Nothing) => {
                LocalizedText { zh: "我们会尽快为您发货", en: "We will ship it soon" }
            }
        },
    }
}

/// The word for the state of a refund.
pub(crate) const fn refund(state: RefundState) -> LocalizedText {
    match state {
        RefundState::Requested | RefundState::Processing => REFUND_PENDING,
        RefundState::Success => REFUNDED,
        RefundState::Closed => REFUND_CLOSED,
        RefundState::Abnormal => REFUND_ABNORMAL,
    }
}

/// The word for what a shopper asks for.
pub(crate) const fn after_sale_kind(kind: AfterSaleKind) -> LocalizedText {
    match kind {
        AfterSaleKind::RefundOnly => REFUND_ONLY,
        AfterSaleKind::Return => RETURN_AND_REFUND,
    }
}

/// The word for the state of an after-sale.
pub(crate) const fn after_sale_state(state: AfterSaleState) -> LocalizedText {
    match state {
        AfterSaleState::Requested => AFTER_SALE_REQUESTED,
        AfterSaleState::Returning => AFTER_SALE_RETURNING,
        AfterSaleState::Returned => AFTER_SALE_RETURNED,
        AfterSaleState::Received => AFTER_SALE_RECEIVED,
        AfterSaleState::Refunding => REFUND_PENDING,
        AfterSaleState::Refunded => REFUNDED,
        AfterSaleState::Declined => REFUND_DECLINED,
        AfterSaleState::Failed => AFTER_SALE_FAILED,
        AfterSaleState::Withdrawn => AFTER_SALE_WITHDRAWN,
        AfterSaleState::Expired => AFTER_SALE_EXPIRED,
    }
}

/// What the shop does by itself at this time, if no person acts before.
pub(crate) fn after_sale_due(kind: AfterSaleKind, state: AfterSaleState, time: &str) -> Option<String> {
    let zh = language() == Language::Chinese;
    Some(match (state, kind) {
        (AfterSaleState::Requested, AfterSaleKind::Return) if zh => {
            format!("若商家在 {time} 前未答复，系统将自动同意退货")
        }
        (AfterSaleState::Requested, AfterSaleKind::Return) => {
            format!("If the shop does not answer by {time}, you can send the goods back.")
        }
        (AfterSaleState::Returning, _) if zh => format!("请在 {time} 前寄出并填写运单号，超时申请将关闭"),
        (AfterSaleState::Returning, _) => {
            format!(
                "Please send the goods and enter the tracking number by {time}. After that the request ends."
            )
        }
        (AfterSaleState::Requested | AfterSaleState::Returned | AfterSaleState::Received, _) if zh => {
            format!("若商家在 {time} 前未处理，系统将自动退款，原路退回")
        }
        (AfterSaleState::Requested | AfterSaleState::Returned | AfterSaleState::Received, _) => {
            format!("If the shop does not act by {time}, you get your money back.")
        }
        (
            AfterSaleState::Refunding
            | AfterSaleState::Refunded
            | AfterSaleState::Declined
            | AfterSaleState::Failed
            | AfterSaleState::Withdrawn
            | AfterSaleState::Expired,
            _,
        ) => return None,
    })
}

/// How many pieces of a line a shopper can choose, and the money for all of them.
pub(crate) fn pieces_left(pieces: i64, fee: Fen) -> String {
    match language() {
        Language::Chinese => format!("最多可退 {pieces} 件，可退 ¥{fee}"),
        Language::English => format!("up to {pieces}, ¥{fee} together"),
    }
}

/// A label and what a person typed: `备注：放门口`, `Note: at the door`.
pub(crate) fn labelled(label: LocalizedText, text: &str) -> String {
    match language() {
        Language::Chinese => format!("{}：{text}", label.zh),
        Language::English => format!("{}: {text}", label.en),
    }
}

/// A sentence about a product, with its name.
pub(crate) fn about(name: &str, text: &str) -> String {
    match language() {
        Language::Chinese => format!("{name}：{text}"),
        Language::English => format!("{name}: {text}"),
    }
}

/// The delivery cost.
pub(crate) fn delivery_fee(fee: Fen) -> String {
    format!("{} ¥{fee}", t(DELIVERY_FEE))
}

/// The promise to send an order within so many hours.
pub(crate) fn ships_within(hours: u64) -> String {
    match language() {
        Language::Chinese => format!("{hours} 小时内发货"),
        Language::English => format!("Ships within {hours} hours"),
    }
}

/// The promise to send an order before this time.
pub(crate) fn ships_before(time: &str) -> String {
    match language() {
        Language::Chinese => format!("最晚 {time} 发货"),
        Language::English => format!("It ships by {time}"),
    }
}

/// What the delivery costs by a rule.
pub(crate) fn freight_rule(rule: &FreightRule) -> String {
    let zh = language() == Language::Chinese;
    let FreightRule { first_units, first_fee, additional_units, additional_fee, .. } = *rule;
    if first_fee == Fen::ZERO && additional_fee == Fen::ZERO {
        return t(FREE).to_owned();
    }
    let units = |count: i64| match rule.unit {
        FreightUnit::Piece if zh => format!("{count} 件"),
        FreightUnit::Piece if count == 1 => "1 item".to_owned(),
        FreightUnit::Piece => format!("{count} items"),
        FreightUnit::Gram if zh => format!("{count} 克"),
        FreightUnit::Gram => format!("{count} g"),
    };
    let mut words = match additional_fee {
        Fen::ZERO => format!("¥{first_fee}"),
        more if zh => {
            format!("首 {} ¥{first_fee}，每续 {} ¥{more}", units(first_units), units(additional_units))
        }
        more => format!(
            "¥{first_fee} for {}, then ¥{more} for each {}",
            units(first_units),
            units(additional_units)
        ),
    };
    if let Some(free_from) = rule.free_from {
        words +=
            &if zh { format!("，满 ¥{free_from} 包邮") } else { format!(", free from ¥{free_from}") };
    }
    words
}

/// The delivery cost in most regions, with a hint that some regions have another one.
pub(crate) fn with_exceptions(words: &str) -> String {
    match language() {
        Language::Chinese => format!("{words}，部分地区另计"),
        Language::English => format!("{words}; some regions differ"),
    }
}

/// The choice to use the balance.
pub(crate) fn use_balance(balance: Fen) -> String {
    let words = LocalizedText { zh: "使用余额，可用", en: "Use your balance of" };
    format!("{} ¥{balance}", t(words))
}

/// The word for the reason of a change of the balance.
pub(crate) fn wallet_reason(reason: WalletReason) -> &'static str {
    let (zh, en) = match reason {
        WalletReason::TopUp => ("充值", "Top-up"),
        WalletReason::TopUpRefund => ("充值退款", "Refund of a top-up"),
        WalletReason::TopUpRefundClosed => ("充值退款未成功，退回余额", "Refund of a top-up failed"),
        WalletReason::Order => ("支付订单", "Order"),
        WalletReason::OrderClosed => ("订单关闭，退回余额", "Order closed"),
        WalletReason::Refund => ("订单退款", "Refund of an order"),
    };
    t(LocalizedText { zh, en })
}

/// The place of pickup. The default sentence for it exists in both languages; a configured place is not translated.
pub(crate) fn pickup_place(place: String) -> String {
    if place == ASK_FOR_PICKUP.zh { t(ASK_FOR_PICKUP).to_owned() } else { place }
}

/// The number of pieces in stock.
pub(crate) fn left(pieces: i64) -> String {
    match language() {
        Language::Chinese => format!("剩 {pieces} 件"),
        Language::English => format!("{pieces} left"),
    }
}

/// The text of the link to the carrier's page about a parcel.
pub(crate) fn ask_carrier(carrier: &str) -> String {
    match language() {
        Language::Chinese => format!("在{carrier}官网查询"),
        Language::English => format!("Ask {carrier}"),
    }
}

/// The time until which the shopper must pay.
pub(crate) fn pay_before(time: &str) -> String {
    match language() {
        Language::Chinese => format!("请在 {time} 前支付，超时订单会自动关闭"),
        Language::English => format!("Please pay before {time}. After that, the order closes automatically."),
    }
}

/// When the sale of a product begins.
pub(crate) fn sale_begins(time: &str) -> String {
    match language() {
        Language::Chinese => format!("{time} 开售"),
        Language::English => format!("On sale from {time} (China)"),
    }
}

/// When the sale of a product will end.
pub(crate) fn sale_ends(time: &str) -> String {
    match language() {
        Language::Chinese => format!("{time} 停售"),
        Language::English => format!("On sale until {time} (China)"),
    }
}

/// When the sale of a product ended.
pub(crate) fn sale_ended(time: &str) -> String {
    match language() {
        Language::Chinese => format!("已于 {time} 停售"),
        Language::English => format!("The sale ended on {time} (China)"),
    }
}

/// The sentence above products that only resemble the searched text.
pub(crate) fn found_similar(text: &str) -> String {
    match language() {
        Language::Chinese => format!("没有找到“{text}”，您是不是想找："),
        Language::English => format!("Nothing found for “{text}”. You may like:"),
    }
}

/// The number of products that a search found.
pub(crate) fn found(count: usize) -> String {
    match language() {
        Language::Chinese => format!("找到 {count} 件商品"),
        Language::English if count == 1 => "1 product found".to_owned(),
        Language::English => format!("{count} products found"),
    }
}

/// The number of pieces in an order.
pub(crate) fn pieces(count: i64) -> String {
    match language() {
        Language::Chinese => format!("共 {count} 件"),
        Language::English if count == 1 => "1 item".to_owned(),
        Language::English => format!("{count} items"),
    }
}
