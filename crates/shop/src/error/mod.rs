//! The errors of the use cases (this file), and what shoppers, staff and programs read about them (`answers.rs`).

mod answers;

use model::LocalizedText;
use picture_store::PictureStoreError;
use store::StoreError;

use crate::PurchaseLimit;

/// Why a use case failed. The texts of `Display` are for the log; [`ShopError::words`] is for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShopError {
    /// The request has no session.
    #[error("there is no session")]
    LoggedOut,
    /// The staff member's role does not have the right.
    #[error("the role does not allow it")]
    NotAllowed,
    /// The input is not valid. The sentence says what is expected.
    #[error("invalid input: {}", .0.en)]
    Invalid(LocalizedText),
    /// The name, the password or the code of a sign-in is wrong.
    #[error("the sign-in is refused")]
    SignIn,
    /// The product is not on sale.
    #[error("the product is not on sale")]
    OffShelf,
    /// The sale of the product has not begun.
    #[error("the sale of the product has not begun")]
    NotYetOnSale,
    /// The data has changed since the editor read it (optimistic lock), or its state does not allow the action.
    #[error("it has been changed meanwhile")]
    Changed,
    /// The order is unpaid or refunded, or has nothing to send.
    #[error("the order is not paid, or has been given back")]
    NotPaid,
    /// The order is not shipped, or not all of its parcels are.
    #[error("the order is not shipped completely")]
    NotShipped,
    /// The shopper has an open after-sale for these pieces.
    #[error("a refund application waits for its answer already")]
    AlreadyAsked,
    /// The program sent no key, or a wrong one.
    #[error("the program's key is not one of SHOP_TOKEN_CLIENTS")]
    UnknownProgram,
    /// The request is malformed.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The request does not come from a page of this shop.
    #[error("the Origin header is not SHOP_PUBLIC_URL")]
    ForeignOrigin,
    /// The thing does not exist, or belongs to another shopper.
    #[error("not found")]
    NotFound,
    /// The stock is too low.
    #[error("out of stock")]
    OutOfStock,
    /// The order has more pieces of a product than the shopper may still buy.
    #[error("the shopper may buy {} pieces of the product, and {} of them are left", .0.limit, .0.left)]
    OverLimit(PurchaseLimit),
    /// The shopper has reached the limit of unpaid orders.
    #[error("the shopper has as many unpaid orders as SHOP_MAX_UNPAID_PER_SHOPPER allows")]
    TooManyUnpaid,
    /// The shopper's unpaid orders have reached the limit of held pieces.
    #[error("the shopper's unpaid orders hold as many pieces as SHOP_MAX_HELD_PER_SHOPPER allows")]
    TooMuchHeld,
    /// The unpaid orders from the shopper's IP address have reached a limit.
    #[error(
        "unpaid orders from the address hold as much as SHOP_MAX_UNPAID_PER_ADDRESS and SHOP_MAX_HELD_PER_ADDRESS allow"
    )]
    TooMuchHeldFromAddress,
    /// The account's second factor is paused after too many wrong codes.
    #[error("too many wrong codes of the second factor")]
    SecondFactorPaused,
    /// The shopper selected no line of the cart, or the selected lines are no longer in the cart.
    #[error("nothing of the cart is chosen")]
    NothingChosen,
    /// The cart has too many lines.
    #[error("the cart holds as many different things as an order takes")]
    CartFull,
    /// The price is another one than the page showed.
    #[error("the price is not the one that the shopper saw")]
    PriceChanged,
    /// The delivery cost is another one than the page showed.
    #[error("the delivery cost is not the one that the shopper saw")]
    FreightChanged,
    /// The payment has begun, so the delivery cannot change to one with another cost.
    #[error("the payment has begun with another delivery cost")]
    FreightFixed,
    /// The new address of a paid order has another delivery cost.
    #[error("the new address has another delivery cost than the one that was paid")]
    OtherFreight,
    /// The shop has sent the order.
    #[error("the shop has sent the order already")]
    Sent,
    /// The balance is lower than the page showed.
    #[error("the balance is lower than the shopper saw: another order may have reserved it")]
    BalanceChanged,
    /// No delivery rule is for the province of the address.
    #[error("no rule of the delivery cost holds for the province of the address")]
    NoDelivery,
    /// A line of the cart is different from the one that the page showed.
    #[error("the cart is not as the shopper saw it")]
    CartChanged,
    /// The order has no address, and the shop has no place of pickup.
    #[error("the order has no address")]
    AddressMissing,
    /// A part of an address is missing.
    #[error("a part of the address is missing")]
    AddressIncomplete,
    /// The name or the phone number of the person who collects the order is missing.
    #[error("the person who collects the order is not named")]
    CollectorIncomplete,
    /// A part of an address does not fit on a label.
    #[error("a part of the address is too long")]
    AddressTooLong,
    /// The phone number is not valid.
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
    /// The URL to sign is not a URL of this shop.
    #[error("the address is not one of this shop")]
    ForeignUrl,
    /// The refund is larger than the rest of the payment. The number is the rest, fen.
    #[error("only {0} fen of it can still be refunded")]
    RefundTooMuch(i64),
    /// The `out_refund_no` belongs to another refund, of this order or another order.
    #[error("the out_refund_no belongs to another refund")]
    RefundNumberTaken,
    /// The refund cannot return pieces to the stock: it is not a refund of all that is left before the shipment, or the
    /// shop does not have the pieces.
    #[error(
        "only a refund of all that is left, before the order is shipped, returns its pieces to the stock"
    )]
    NotRestockable,
    /// WeChat says that money of the order was refunded, and the books do not know how much.
    #[error("the books do not know how much of the order was given back")]
    RefundsUnknown,
    /// Something has to end before the shop can erase the shopper's data.
    #[error("an order, a refund, a complaint or money of the shopper has not ended")]
    NotErasable,
    /// The payment already has the maximum number of refunds.
    #[error("the payment has fifty refunds already")]
    TooManyRefunds,
    /// The shopper has spent a part of the top-up.
    #[error("the balance is lower than the top-up that is to be refunded")]
    BalanceTooLow,
    /// No mini program is configured.
    #[error("no mini program is configured (WECHAT_MINIPROGRAM_APPID)")]
    NoMiniProgram,
    /// No website application is configured.
    #[error("no website application is configured (WECHAT_WEBSITE_APPID)")]
    NoWebsite,
    /// Pay V3 is not configured. Complaints need it.
    #[error("Pay V3 is not configured (WECHAT_API_V3_KEY and the variables beside it)")]
    NoPayV3,
    /// The caller has reached a rate limit.
    #[error("too many requests")]
    TooOften,
    /// The amount is outside the limits of a top-up.
    #[error("the amount is outside the limits of a top-up")]
    TopUpLimit,
    /// The login's `code` was used before, is too old or is unknown.
    #[error("the login code is not valid: {0}")]
    LoginCode(wechat::Error),
    /// The login's `state` was used before: with another code, or too long ago.
    #[error("the login's state has been used")]
    LoginUsed,
    /// The visitor sees WeChat's snapshot page and has no real openid.
    #[error("the visitor is a snapshot user")]
    SnapshotUser,
    /// WeChat did not answer, or asks to try again later.
    #[error("WeChat did not answer: {0}")]
    WechatBusy(wechat::Error),
    /// WeChat refuses a call of the account: because of its AppSecret, its IP address or its rights.
    #[error("WeChat refuses the account: {0}")]
    AccountRefused(wechat::Error),
    /// WeChat refuses a call of Pay, or the signature of its answer is wrong.
    #[error("WeChat refuses: {0}")]
    WechatRefuses(wechat::Error),
    /// The attempt's account is no longer configured.
    #[error("the attempt was made with an account that is not configured")]
    UnknownMerchant,
    /// Writing a picture to its place failed. Nothing else was changed.
    #[error("a picture was not saved: {0}")]
    PictureNotSaved(PictureStoreError),
    /// Reading a picture from its place failed.
    #[error("a picture was not read: {0}")]
    PictureNotRead(PictureStoreError),
    /// Deleting or listing pictures at their place failed.
    #[error("a picture was not deleted: {0}")]
    PictureNotDeleted(PictureStoreError),
    /// The writer's queue is full.
    #[error("too busy")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ShopError {
    /// The error of a failed code exchange of a login.
    pub(crate) fn of_login(error: wechat::Error) -> Self {
        if error.is_code_used() || error.is_invalid_code() {
            Self::LoginCode(error)
        } else {
            Self::of_account(error)
        }
    }

    /// The error of a failed call of an account that is not about a payment.
    pub(crate) fn of_account(error: wechat::Error) -> Self {
        if error.is_retryable() { Self::WechatBusy(error) } else { Self::AccountRefused(error) }
    }
}

/// The error of a failed call of Pay.
impl From<wechat::Error> for ShopError {
    fn from(error: wechat::Error) -> Self {
        if error.is_retryable() { Self::WechatBusy(error) } else { Self::WechatRefuses(error) }
    }
}
