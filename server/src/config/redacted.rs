//! The configuration as the console shows it to the owner. For a secret it only says whether it is set.

use app::console::SECRET;

use super::{Config, messages};

impl Config {
    pub(crate) fn redacted(&self) -> Vec<(&'static str, String)> {
        let set = |is_set: bool| if is_set { SECRET.to_owned() } else { String::new() };
        let (shop, wechat) = (&self.shop, &self.wechat);
        let seconds = |all: &[std::time::Duration]| {
            all.iter().map(|length| length.as_secs().to_string()).collect::<Vec<_>>().join(",")
        };
        let miniprogram = wechat.miniprogram.as_ref();
        let days = |length: std::time::Duration| (length.as_secs() / 86_400).to_string();
        let mut all = vec![
            ("SHOP_ADDR", self.addr.to_string()),
            ("SHOP_PUBLIC_URL", shop.public_url.clone()),
            ("SHOP_NAME", shop.name.clone()),
            ("SHOP_HELP_PHONE", shop.help.phone.clone().unwrap_or_default()),
            ("SHOP_HELP_HOURS", shop.help.hours.clone().unwrap_or_default()),
            ("SHOP_HELP_URL", shop.help.url.clone().unwrap_or_default()),
            ("SHOP_OPERATOR", shop.legal.operator.clone().unwrap_or_default()),
            (
                "SHOP_LICENCE",
                shop.legal.licence.as_ref().map(|licence| licence.as_str().to_owned()).unwrap_or_default(),
            ),
            ("SHOP_ICP", shop.legal.icp.clone().unwrap_or_default()),
            ("SHOP_COMPLAINT_TELEPHONE", shop.legal.complaint_telephone.clone().unwrap_or_default()),
            ("SHOP_SEARCH_SYNONYMS", shop.synonyms.to_string()),
            ("SHOP_DATABASE_URL", format!("{:?}", self.database_url)),
            (
                "SHOP_READ_DATABASE_URL",
                self.read_database_url.as_ref().map_or_else(String::new, |url| format!("{url:?}")),
            ),
            ("SHOP_SESSION_KEYS", set(true)),
            ("SHOP_DATA_KEYS", set(!self.data_keys.is_empty())),
            ("SHOP_RATE_PER_ADDRESS", self.rate_per_address.to_string()),
            ("SHOP_ORDER_EXPIRE_S", shop.order_expire.as_secs().to_string()),
            ("SHOP_LOGINS_PER_ADDRESS", self.logins_per_address.to_string()),
            ("SHOP_CLOCK_OFFSET_S", self.clock_offset_s.to_string()),
            ("SHOP_HOLD_S", shop.holds.hold.as_secs().to_string()),
            ("SHOP_MAX_UNPAID_PER_SHOPPER", shop.holds.unpaid_per_shopper.to_string()),
            ("SHOP_MAX_HELD_PER_SHOPPER", shop.holds.held_per_shopper.to_string()),
            ("SHOP_MAX_UNPAID_PER_ADDRESS", shop.holds.unpaid_per_address.to_string()),
            ("SHOP_MAX_HELD_PER_ADDRESS", shop.holds.held_per_address.to_string()),
            (
                "SHOP_SHIP_WITHIN_HOURS",
                shop.ship_within.map_or_else(String::new, |within| (within.as_secs() / 3_600).to_string()),
            ),
            ("SHOP_RECEIPT_DAYS", days(shop.receipt)),
            ("SHOP_AFTER_SALE_ANSWER_DAYS", shop.after_sale.answer.map_or_else(|| "0".to_owned(), days)),
            ("SHOP_RETURN_DAYS", days(shop.after_sale.send_back)),
            ("SHOP_RETURN_RECEIPT_DAYS", shop.after_sale.receipt.map_or_else(|| "0".to_owned(), days)),
            ("SHOP_RETURN_ADDRESS", shop.after_sale.return_address.clone().unwrap_or_default()),
            ("SHOP_QUERY_INTERVALS_S", seconds(&shop.query_intervals)),
            ("SHOP_TOKEN_CLIENTS", format!("{:?}", self.token_clients)),
            ("SHOP_ADMIN_CLIENTS", format!("{:?}", self.admin_clients)),
            (
                "WECHAT_APPID",
                wechat.sub_merchant.as_ref().map_or(&wechat.appid, |sub| &sub.provider_appid).clone(),
            ),
            (
                "WECHAT_SUB_APPID",
                wechat.sub_merchant.as_ref().map(|_| wechat.appid.clone()).unwrap_or_default(),
            ),
            ("WECHAT_SECRET", set(true)),
            ("WECHAT_MINIPROGRAM_APPID", miniprogram.map(|(appid, _)| appid.clone()).unwrap_or_default()),
            ("WECHAT_MINIPROGRAM_SECRET", set(miniprogram.is_some())),
            (
                "WECHAT_WEBSITE_APPID",
                wechat.website.as_ref().map(|(appid, _)| appid.clone()).unwrap_or_default(),
            ),
            ("WECHAT_WEBSITE_SECRET", set(wechat.website.is_some())),
            ("WECHAT_MINIPROGRAM_PAY_PAGE", shop.miniprogram_pay_page.clone().unwrap_or_default()),
            ("WECHAT_MINIPROGRAM_PRODUCT_PAGE", shop.miniprogram_product_page.clone().unwrap_or_default()),
            ("WECHAT_PUSH_TOKEN", set(wechat.pushes.official.is_some())),
            ("WECHAT_MINIPROGRAM_PUSH_TOKEN", set(wechat.pushes.miniprogram.is_some())),
            ("WECHAT_MCH_ID", wechat.mch_id.clone()),
            (
                "WECHAT_SUB_MCH_ID",
                wechat.sub_merchant.as_ref().map(|sub| sub.mch_id.clone()).unwrap_or_default(),
            ),
            ("WECHAT_PAY_API", wechat.pay_api.as_str().to_owned()),
            ("WECHAT_SIGN_TYPE", wechat.pay_api.sign_type().to_owned()),
            ("WECHAT_API_V2_KEY", set(wechat.api_v2_key.is_some())),
            ("WECHAT_API_V3_KEY", set(wechat.pay_v3.is_some())),
            ("WECHAT_MERCHANT_KEY_FILE", set(wechat.client_certificate.is_some())),
            ("WECHAT_OPEN_URL", wechat.endpoints.open().to_owned()),
            ("WECHAT_JSSDK_URL", wechat.endpoints.jssdk().to_owned()),
        ];
        all.extend(self.pictures.redacted());
        all.extend(messages::redacted(&shop.messages));
        all
    }
}
