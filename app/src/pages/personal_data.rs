//! What the shop keeps about a shopper, to read in WeChat, whose pages cannot open a downloaded file.

use leptos::prelude::*;
use model::{
    LocalizedText,
    message::{MessageState, MessageSubject},
    order::{OrderKind, Standing},
    record::InvoiceKind,
};
use serde_json::{Map, Value};
use shop::Shop;

use super::{PageStyle, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::Layout,
    messages::{self, t},
};

/// The copy of the shopper's data.
#[component]
pub(super) fn PersonalDataPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            let Some(shopper) = visitor.session else {
                leptos_axum::redirect("/me/privacy");
                return Ok(().into_any());
            };
            Ok(show(&shop.privacy().personal_data(&shopper).await?))
        }/>
    }
}

fn show(document: &Value) -> AnyView {
    let made = document["made"].as_str().unwrap_or_default().to_owned();
    // the shopper's own id is among the openids, unless the shopper is a guest
    let is_part = |key: &str| key != "made" && key != "shopper";
    let fields = document.as_object().map(ordered).unwrap_or_default();
    let parts =
        fields.into_iter().filter(|(key, _)| is_part(key)).filter_map(|(key, value)| part(key, value));
    let parts = parts.collect_view();
    view! {
        <Layout title=t(messages::MY_DATA).to_owned() tab="/me" styles=&[PageStyle::Me]>
            <h1 class="page-title">{t(messages::MY_DATA)}</h1>
            <p class="panel muted">{messages::labelled(both("生成时间", "Made at"), &made)}</p>
            {parts}
            <p class="more"><a href="/me/privacy/data.json" download="data.json">{t(messages::COPY_MY_DATA)}</a></p>
            <p class="more"><a href="/me/privacy">{t(messages::BACK)}</a></p>
        </Layout>
    }
    .into_any()
}

/// A part of the document with its title; `None` if it is empty.
fn part(key: &str, value: &Value) -> Option<AnyView> {
    let content = content(key, value)?;
    Some(
        view! {
            <section class="panel">
                <h2>{label(key)}</h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

/// A value with everything in it; `None` if it is empty.
fn content(key: &str, value: &Value) -> Option<AnyView> {
    match value {
        Value::Null => None,
        Value::Array(all) => {
            let shown: Vec<_> = all.iter().filter_map(|one| content(key, one)).collect();
            (!shown.is_empty()).then(|| {
                shown.into_iter().map(|one| view! { <div class="data">{one}</div> }).collect_view().into_any()
            })
        }
        Value::Object(fields) => {
            let lines = ordered(fields).into_iter().filter_map(|(name, value)| line(key, name, value));
            Some(lines.collect_view().into_any())
        }
        plain => text(key, key, plain).map(|text| view! { <p>{text}</p> }.into_any()),
    }
}

/// A field of an object: its name, and its value beside or below it.
fn line(parent: &str, name: &str, value: &Value) -> Option<AnyView> {
    if value.is_array() || value.is_object() {
        let content = content(name, value)?;
        // each entry of a list has a box of its own
        let content =
            if value.is_array() { content } else { view! { <div class="data">{content}</div> }.into_any() };
        return Some(view! { <p class="muted">{label(name)}</p> {content} }.into_any());
    }
    let text = text(parent, name, value)?;
    Some(view! { <p><span class="muted">{label(name)}</span> " " {text}</p> }.into_any())
}

/// A plain value as people read it; `None` if it is empty.
fn text(parent: &str, name: &str, value: &Value) -> Option<String> {
    let plain = match value {
        Value::String(text) => text.clone(),
        Value::Null => return None,
        other => other.to_string(),
    };
    if plain.is_empty() {
        return None;
    }
    Some(match name {
        "amount" | "total" | "price" | "balance" => match plain.strip_prefix('-') {
            Some(spent) => format!("−¥{spent}"),
            None => format!("¥{plain}"),
        },
        _ => word(parent, name, &plain).map_or(plain, str::to_owned),
    })
}

const fn both(zh: &'static str, en: &'static str) -> LocalizedText {
    LocalizedText { zh, en }
}

/// The fields in the order in which a person reads them, with their names.
const FIELDS: [(&str, LocalizedText); 53] = [
    ("profile", both("微信昵称和头像", "WeChat profile")),
    ("nickname", both("昵称", "Nickname")),
    ("picture", both("头像", "Picture")),
    ("openids", both("微信账号标识", "WeChat id")),
    ("addresses", both("收货地址", "Addresses")),
    ("orders", both("订单", "Orders")),
    ("number", both("编号", "Number")),
    ("order", both("订单", "Order")),
    ("kind", both("类型", "Kind")),
    ("about", both("关于", "About")),
    ("state", both("状态", "State")),
    ("title", both("抬头", "Title")),
    ("name", both("名称或姓名", "Name")),
    ("specification", both("规格", "Option")),
    ("sku", both("货号", "SKU")),
    ("amount", both("金额", "Amount")),
    ("total", both("金额", "Total")),
    ("price", both("单价", "Price")),
    ("quantity", both("数量", "Quantity")),
    ("reason", both("原因", "Reason")),
    ("text", both("内容", "Text")),
    ("telephone", both("电话", "Phone")),
    ("region", both("地区", "Region")),
    ("detail", both("详细地址", "Street address")),
    ("address", both("地址", "Address")),
    ("note", both("留言", "Note")),
    ("placed", both("下单时间", "Placed")),
    ("placed_from", both("下单时的网络地址", "Network address when placed")),
    ("paid", both("支付时间", "Paid")),
    ("out_trade_no", both("商户订单号", "Payment number of the shop")),
    ("transaction_id", both("微信支付单号", "WeChat's payment number")),
    ("items", both("商品", "Products")),
    ("delivery", both("配送", "Delivery")),
    ("parcels", both("包裹", "Parcels")),
    ("carrier", both("快递公司", "Carrier")),
    ("tracking_number", both("运单号", "Tracking number")),
    ("shipped", both("发货时间", "Shipped")),
    ("received", both("收货时间", "Received")),
    ("after_sales", both("售后", "After-sales")),
    ("pictures", both("图片数", "Pictures")),
    ("answer", both("商家回复", "The shop's answer")),
    ("refunds", both("退款", "Refunds")),
    ("invoice", both("发票", "Invoice")),
    ("tax_number", both("税号", "Tax number")),
    ("email", both("邮箱", "Email")),
    ("issued", both("开票时间", "Issued")),
    ("complaints", both("投诉", "Complaints")),
    ("negotiation", both("协商记录", "Negotiation")),
    ("balance", both("余额", "Balance")),
    ("balance_changes", both("余额明细", "Changes of the balance")),
    ("cart", both("购物车", "Cart")),
    ("messages", both("通知", "Messages")),
    ("time", both("时间", "Time")),
];

/// The name of a field in the page's language.
fn label(key: &str) -> String {
    FIELDS.iter().find(|(known, _)| *known == key).map_or(key, |(_, words)| t(*words)).to_owned()
}

/// The fields of an object in the order of [`FIELDS`].
fn ordered(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| FIELDS.iter().position(|(known, _)| known == name));
    fields
}

/// A word of the database in the page's language; `None` for one that has no sentence for shoppers.
fn word(parent: &str, name: &str, value: &str) -> Option<&'static str> {
    let words = match (parent, name) {
        ("orders", "state") => messages::title(value.parse().ok()?, Standing::Kept),
        ("orders", "kind") => match value.parse().ok()? {
            OrderKind::Goods => both("商品", "Products"),
            OrderKind::TopUp => messages::TOP_UP,
        },
        ("after_sales", "state") => messages::after_sale_state(value.parse().ok()?),
        ("after_sales", "kind") => messages::after_sale_kind(value.parse().ok()?),
        ("refunds", "state") => messages::refund(value.parse().ok()?),
        ("invoice", "kind") => match value.parse().ok()? {
            InvoiceKind::Person => messages::INVOICE_PERSON,
            InvoiceKind::Company => messages::INVOICE_COMPANY,
        },
        ("messages", "about") => subject(value.parse().ok()?),
        ("messages", "state") => match value.parse().ok()? {
            MessageState::Waiting | MessageState::Sending => both("待发送", "Waiting"),
            MessageState::Sent => both("已发送", "Sent"),
            MessageState::Refused | MessageState::Dropped | MessageState::Unknown => {
                both("未送达", "Not delivered")
            }
        },
        ("balance_changes", "reason") => return value.parse().ok().map(messages::wallet_reason),
        _ => return None,
    };
    Some(t(words))
}

/// What a message told.
const fn subject(subject: MessageSubject) -> LocalizedText {
    match subject {
        MessageSubject::Paid => both("支付成功", "Paid"),
        MessageSubject::Shipped => messages::SHIPPED,
        MessageSubject::Refunded => messages::REFUNDED,
        MessageSubject::ReturnAgreed => messages::AFTER_SALE_RETURNING,
        MessageSubject::RefundDeclined => messages::REFUND_DECLINED,
        MessageSubject::Expiring => both("即将超时", "The time to pay is almost over"),
        MessageSubject::RefundWanted | MessageSubject::Discrepancy | MessageSubject::Complaint => {
            both("发给商家的通知", "A message to the shop")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_and_amounts_are_those_of_people() {
        let said = |parent, name, value: Value| text(parent, name, &value);
        assert_eq!(said("orders", "state", json!("partly_refunded")).as_deref(), Some("已支付"));
        assert_eq!(said("orders", "total", json!("59.00")).as_deref(), Some("¥59.00"));
        assert_eq!(said("refunds", "state", json!("success")).as_deref(), Some("已退款"));
        assert_eq!(
            said("refunds", "reason", json!("refund")).as_deref(),
            Some("refund"),
            "typed by a person"
        );
        assert_eq!(said("balance_changes", "reason", json!("refund")).as_deref(), Some("订单退款"));
        assert_eq!(said("messages", "state", json!("refused")).as_deref(), Some("未送达"));
        assert_eq!(said("balance_changes", "amount", json!("-50.00")).as_deref(), Some("−¥50.00"));
        assert_eq!(said("cart", "quantity", json!(2)).as_deref(), Some("2"));
        assert_eq!(
            (said("items", "specification", json!("")), said("orders", "paid", Value::Null)),
            (None, None)
        );
    }
}
