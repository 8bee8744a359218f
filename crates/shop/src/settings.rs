use std::time::Duration;

use model::payment::PayApi;

use crate::{AfterSaleLimits, MessageSettings, products::Synonyms};

/// What shoppers read as the place of pickup if `SHOP_PICKUP` is not set.
pub const ASK_FOR_PICKUP: model::LocalizedText = model::LocalizedText {
    zh: "请向商家询问自取地点",
    en: "Please ask the shop where to collect it",
};

/// The merchant's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `SHOP_PUBLIC_URL`: scheme, host and port as shoppers see them, without a slash at the end.
    pub public_url: String,
    /// The shop's name, which WeChat shows beside a payment.
    pub name: String,
    /// The API version and sign type of new attempts (`WECHAT_PAY_API`, `WECHAT_SIGN_TYPE`). Existing attempts keep
    /// theirs.
    pub pay_api: PayApi,
    /// `WECHAT_MINIPROGRAM_PAY_PAGE`: the mini program's page that pays an order, because web pages inside a mini
    /// program may not pay.
    pub miniprogram_pay_page: Option<String>,
    /// `WECHAT_MINIPROGRAM_PRODUCT_PAGE`: the mini program's page for products, which codes and links open.
    pub miniprogram_product_page: Option<String>,
    /// `SHOP_PICKUP`: where shoppers collect orders. Without it, an order of goods needs an address before the payment.
    pub pickup: Option<String>,
    /// How shoppers can contact the shop.
    pub help: HelpContacts,
    /// Who operates the shop.
    pub legal: LegalNotice,
    /// `SHOP_SEARCH_SYNONYMS`: words that mean the same in a search.
    pub synonyms: Synonyms,
    /// `SHOP_ORDER_EXPIRE_S`: the time to pay an order.
    pub order_expire: Duration,
    /// The limits of stock that unpaid orders hold.
    pub holds: HoldLimits,
    /// `SHOP_SHIP_WITHIN_HOURS`: the promised time between payment and shipment of an order. `None`: the shop promises
    /// nothing.
    pub ship_within: Option<Duration>,
    /// `SHOP_RECEIPT_DAYS`: an order counts as received this long after its last parcel.
    pub receipt: Duration,
    /// The time limits of after-sales.
    pub after_sale: AfterSaleLimits,
    /// `SHOP_QUERY_INTERVALS_S`: the pauses between the queries about an open attempt.
    pub query_intervals: Vec<Duration>,
    /// Which messages the shop sends to shoppers and staff.
    pub messages: MessageSettings,
}

/// How shoppers can contact the shop. Pages show what is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpContacts {
    /// `SHOP_HELP_PHONE`: the telephone number.
    pub phone: Option<String>,
    /// `SHOP_HELP_HOURS`: when the shop answers, such as opening hours.
    pub hours: Option<String>,
    /// `SHOP_HELP_URL`: the link of WeChat's customer service (微信客服).
    pub url: Option<String>,
}

/// Who operates the shop. Shoppers' pages show what is configured; a shop in China must publish it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegalNotice {
    /// `SHOP_OPERATOR`: the company or person.
    pub operator: Option<String>,
    /// `SHOP_LICENCE`: the business licence (营业执照).
    pub licence: Option<Licence>,
    /// `SHOP_ICP`: the ICP number (ICP备案号).
    pub icp: Option<String>,
    /// `SHOP_COMPLAINT_TELEPHONE`: the telephone number for complaints.
    pub complaint_telephone: Option<String>,
}

impl LegalNotice {
    /// Whether at least one of them is configured.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        *self != Self::default()
    }
}

/// A business licence, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Its number: the unified social credit code (统一社会信用代码).
    Number(String),
    /// The URL of its picture, or of a page that proves it.
    Page(String),
}

impl Licence {
    /// The configured text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Number(text) | Self::Page(text) => text,
        }
    }
}

/// The limits of stock that unpaid orders of goods hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldLimits {
    /// `SHOP_HOLD_S`: the hold time, for which an order holds stock before its payment begins. After the payment has
    /// begun, the order holds the stock until it is paid or closed.
    pub hold: Duration,
    /// `SHOP_MAX_UNPAID_PER_SHOPPER`: the maximum number of unpaid orders of one shopper.
    pub unpaid_per_shopper: u32,
    /// `SHOP_MAX_HELD_PER_SHOPPER`: the maximum number of pieces that the unpaid orders of one shopper hold.
    pub held_per_shopper: u32,
    /// `SHOP_MAX_UNPAID_PER_ADDRESS`: the maximum number of unpaid orders from one IP address, which many shoppers may
    /// share.
    pub unpaid_per_address: u32,
    /// `SHOP_MAX_HELD_PER_ADDRESS`: the maximum number of pieces that the unpaid orders from one IP address hold.
    pub held_per_address: u32,
}

impl Default for HoldLimits {
    fn default() -> Self {
        Self {
            hold: Duration::from_secs(5 * 60),
            unpaid_per_shopper: 50,
            held_per_shopper: 200,
            unpaid_per_address: 300,
            held_per_address: 1000,
        }
    }
}

/// The promised time of shipment of an order that was paid at `paid_ms`, ms; `None` if the shop promises nothing.
/// `within` is [`Settings::ship_within`].
#[must_use]
pub fn ship_until_ms(within: Option<Duration>, paid_ms: i64) -> Option<i64> {
    paid_ms.checked_add(i64::try_from(within?.as_millis()).ok()?)
}

impl Settings {
    /// The URL of payment notifications.
    #[must_use]
    pub fn notify_url(&self) -> String {
        format!("{}/api/wechat/pay/callback", self.public_url)
    }

    /// The URL of refund notifications.
    #[must_use]
    pub fn refund_notify_url(&self) -> String {
        format!("{}/api/wechat/pay/refund-callback", self.public_url)
    }

    /// The URL of complaint notifications.
    #[must_use]
    pub fn complaint_notify_url(&self) -> String {
        format!("{}/api/wechat/pay/complaint-callback", self.public_url)
    }

    /// Whether only this machine can open the shop: a trial.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        let host = self.public_url.strip_prefix("http://").unwrap_or_default();
        ["localhost", "127.0.0.1"].contains(&host.split(':').next().unwrap_or_default())
    }

    /// Whether a URL belongs to this shop: it begins with `public_url`.
    #[must_use]
    pub fn is_own_url(&self, url: &str) -> bool {
        url.strip_prefix(&self.public_url)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_the_same_origin_are_its_own() {
        let settings = Settings {
            public_url: "https://shop.example".to_owned(),
            name: String::new(),
            pay_api: PayApi::V3,
            miniprogram_pay_page: None,
            miniprogram_product_page: None,
            pickup: None,
            help: HelpContacts::default(),
            legal: LegalNotice::default(),
            synonyms: Synonyms::default(),
            order_expire: Duration::from_secs(1),
            holds: HoldLimits::default(),
            ship_within: None,
            receipt: Duration::from_secs(1),
            after_sale: AfterSaleLimits::default(),
            query_intervals: Vec::new(),
            messages: MessageSettings::default(),
        };
        for own in ["https://shop.example", "https://shop.example/a?b#c", "https://shop.example?a"] {
            assert!(settings.is_own_url(own), "{own}");
        }
        for foreign in [
            "https://shop.example.evil.test/",
            "https://shop.example:8443/",
            "http://shop.example/",
            "https://shop.example@evil.test",
        ] {
            assert!(!settings.is_own_url(foreign), "{foreign}");
        }
    }
}
