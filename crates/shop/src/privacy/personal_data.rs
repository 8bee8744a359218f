//! The copy of a shopper's data, as a JSON document (个人信息保护法, article 45).

use model::{
    OrderId, Shopper,
    audit::AuditAction,
    order::OrderTab,
    record::{AfterSaleRecord, ComplaintRecord, DeliveryRecord, RefundRecord, ShipmentRecord},
};
use serde_json::{Value, json};
use store::ShopperOrder;

use super::Privacy;
use crate::{Right, ShopError, Staff, clock::shanghai};

/// The number of orders in a page.
const PAGE: usize = 100;

impl Privacy {
    /// Everything that the shop keeps about a shopper, as a JSON document. Amounts are in yuan; times are in Shanghai.
    ///
    /// # Errors
    /// A failing database.
    pub async fn personal_data(&self, shopper: &Shopper) -> Result<Value, ShopError> {
        let store = &self.store;
        let profile = match shopper.openid() {
            Some(openid) => store.profile(openid).await?,
            None => None,
        };
        let addresses = store.addresses(shopper).await?;
        let addresses = addresses.iter().map(|address| {
            let to = &address.recipient;
            json!({ "name": to.name, "telephone": to.phone, "region": to.region, "detail": to.detail })
        });
        let cart = store.cart(shopper).await?;
        let cart =
            cart.iter().map(|line| json!({ "sku": line.sku.as_str(), "quantity": line.quantity.get() }));
        let moves = store.wallet_moves_of(shopper).await?;
        let moves = moves.iter().map(|change| {
            json!({ "number": change.id, "reason": change.reason.as_str(), "amount": change.amount.to_string(), "time": time(change.at_ms) })
        });
        let messages = store.messages_to(shopper).await?;
        let messages = messages.iter().map(|message| {
            json!({
                "about": message.subject.as_str(),
                "order": message.order_id.as_ref().map(OrderId::as_str),
                "state": message.state.as_str(),
                "time": time(message.created_ms),
            })
        });
        Ok(json!({
            "made": time(self.clock.now_ms()),
            "shopper": shopper.to_string(),
            "openids": store.openids_of(shopper).await?,
            "profile": profile.map(|profile| json!({
                "nickname": profile.nickname,
                "picture": profile.headimgurl,
                "time": time(profile.at_ms),
            })),
            "addresses": addresses.collect::<Vec<_>>(),
            "cart": cart.collect::<Vec<_>>(),
            "balance": store.balance(shopper).await?.to_string(),
            "balance_changes": moves.collect::<Vec<_>>(),
            "orders": self.orders(shopper).await?,
            "messages": messages.collect::<Vec<_>>(),
        }))
    }

    /// As [`Privacy::personal_data`], for the shopper who placed an order. Writes an audit row.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], or a failing database.
    pub async fn personal_data_of_order(&self, staff: &Staff, id: &OrderId) -> Result<Value, ShopError> {
        staff.check(Right::Privacy)?;
        let shopper = self.shopper_of(id).await?;
        self.audit.write(staff.name.as_str(), AuditAction::CopyPersonalData, id.to_string()).await?;
        self.personal_data(&shopper).await
    }

    async fn orders(&self, shopper: &Shopper) -> Result<Vec<Value>, ShopError> {
        let mut all = Vec::new();
        let mut before: Option<OrderId> = None;
        loop {
            let page = self.store.orders_of(shopper, OrderTab::All, before.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            before = Some(last.order.id.clone());
            for order in page {
                all.push(self.order(order).await?);
            }
        }
    }

    async fn order(&self, order: ShopperOrder) -> Result<Value, ShopError> {
        let id = &order.order.id;
        let refunds = self.store.refunds_of(id).await?;
        let mut complaints = Vec::new();
        for one in self.store.complaints_of(id).await? {
            complaints.push(self.complaint(&one).await?);
        }
        let invoice = self.store.invoice(id).await?;
        let items = order.items.iter().map(|item| {
            json!({
                "name": item.name,
                "specification": item.spec,
                "price": item.price.to_string(),
                "quantity": item.quantity.get(),
            })
        });
        Ok(json!({
            "number": id.as_str(),
            "kind": order.order.kind.as_str(),
            "state": order.order.state.as_str(),
            "total": order.order.total_fee.to_string(),
            "placed": time(order.order.created_ms),
            "placed_from": order.order.placed_from,
            "paid": order.order.paid_ms.map(time),
            "out_trade_no": order.paid_by.as_ref().map(|paid| paid.out_trade_no.as_str()),
            "transaction_id": order.paid_by.as_ref().and_then(|paid| paid.transaction_id.as_ref()).map(|id| id.as_str()),
            "items": items.collect::<Vec<_>>(),
            "delivery": order.delivery.as_ref().map(delivery),
            "parcels": order.shipment.as_ref().map(parcels),
            "received": order.shipment.as_ref().and_then(|sent| sent.received_ms).map(time),
            "after_sales": order.after_sales.iter().map(after_sale).collect::<Vec<_>>(),
            "refunds": refunds.iter().map(refund).collect::<Vec<_>>(),
            "invoice": invoice.map(|invoice| json!({
                "kind": invoice.kind.as_str(),
                "title": invoice.title,
                "tax_number": invoice.tax_number,
                "email": invoice.email,
                "issued": invoice.issued_ms.map(time),
            })),
            "complaints": complaints,
        }))
    }

    async fn complaint(&self, complaint: &ComplaintRecord) -> Result<Value, ShopError> {
        let entries = self.store.complaint_entries(&complaint.id).await?;
        let entries = entries.iter().map(|entry| json!({ "text": entry.text, "time": time(entry.at_ms) }));
        Ok(json!({
            "number": complaint.id,
            "state": complaint.state.as_str(),
            "text": complaint.detail,
            "time": time(complaint.complained_ms),
            "negotiation": entries.collect::<Vec<_>>(),
        }))
    }
}

fn after_sale(asked: &AfterSaleRecord) -> Value {
    json!({
        "number": asked.id.as_str(),
        "kind": asked.kind.as_str(),
        "state": asked.state.as_str(),
        "amount": asked.fee.to_string(),
        "reason": asked.reason,
        "pictures": asked.pictures,
        "answer": asked.answer,
        "carrier": asked.carrier,
        "tracking_number": asked.tracking_no,
        "time": time(asked.asked_ms),
    })
}

fn delivery(to: &DeliveryRecord) -> Value {
    json!({ "name": to.name, "telephone": to.phone, "address": to.address, "note": to.note })
}

fn parcels(sent: &ShipmentRecord) -> Value {
    let parcels = sent.parcels.iter().map(|parcel| {
        json!({
            "carrier": parcel.carrier,
            "tracking_number": parcel.tracking_no,
            "shipped": time(parcel.shipped_ms),
        })
    });
    Value::Array(parcels.collect())
}

fn refund(refund: &RefundRecord) -> Value {
    json!({
        "number": refund.out_refund_no.as_str(),
        "state": refund.state.as_str(),
        "amount": refund.refund_fee.to_string(),
        "reason": refund.reason,
        "time": time(refund.created_ms),
    })
}

/// A time in Shanghai: `2026-11-21 12:00:00`.
fn time(ms: i64) -> String {
    shanghai(ms).strftime("%F %T").to_string()
}
