//! Ships many orders with one CSV file: checks what each line would do, and ships the valid lines.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt, stream};
use model::{
    LocalizedText, OrderId,
    order::{OrderKind, Standing},
    record::{DeliveryCompanyRecord, DeliveryRecord},
};
use store::ShopperOrder;

use super::{
    ParcelForm, ParcelLine, Shipping,
    carriers::{find, full_name},
    parcel_file::ParcelColumn,
    ship::LONGEST,
};
use crate::{
    Right, ShopError, Staff,
    orders::{has_pieces, standing},
};

/// The maximum number of simultaneous shipments.
const AT_ONCE: usize = 16;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParcelProblem {
    /// The order number is missing.
    OrderMissing,
    /// A spreadsheet has rounded the number.
    Rounded(ParcelColumn),
    /// The order does not exist.
    OrderUnknown,
    /// The order is not paid.
    NotPaid,
    /// There is nothing to send: the order is a top-up, or its money was refunded.
    NothingToShip,
    /// The shopper collects the order.
    Collected,
    /// An after-sale of the order waits for staff.
    WantsRefund,
    /// The order was shipped with another tracking number, this one.
    SentWith(String),
    /// An earlier line, this one, has the same order.
    Repeated(u64),
    /// The carrier is missing.
    CarrierMissing,
    /// The shop, or WeChat, does not know the carrier.
    CarrierUnknown,
    /// The carriers cannot be read from WeChat.
    CarriersUnreadable,
    /// The tracking number is missing.
    TrackingNoMissing,
    /// The text cannot be a tracking number.
    TrackingNoInvalid,
    /// An earlier line, this one, has the same tracking number and another recipient.
    OtherRecipient(u64),
    /// The order has changed since the check.
    Changed,
    /// The shop refused the shipment. The sentence says why.
    Refused(LocalizedText),
}

impl ParcelProblem {
    /// The column that has the problem.
    #[must_use]
    pub const fn column(&self) -> ParcelColumn {
        match self {
            Self::OrderMissing
            | Self::OrderUnknown
            | Self::NotPaid
            | Self::NothingToShip
            | Self::Collected
            | Self::WantsRefund
            | Self::Repeated(_)
            | Self::Changed
            | Self::Refused(_) => ParcelColumn::Order,
            Self::CarrierMissing | Self::CarrierUnknown | Self::CarriersUnreadable => ParcelColumn::Carrier,
            Self::SentWith(_)
            | Self::TrackingNoMissing
            | Self::TrackingNoInvalid
            | Self::OtherRecipient(_) => ParcelColumn::TrackingNo,
            Self::Rounded(column) => *column,
        }
    }
}

/// What a line would do, or has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParcelOutcome {
    /// The line can be shipped.
    Ready,
    /// The line was shipped now.
    Shipped,
    /// The parcel of the line was shipped before. Nothing is left to do.
    ShippedBefore,
    /// The line cannot be shipped.
    Wrong(ParcelProblem),
}

/// A checked line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedParcel {
    /// The line, with the full name of the carrier if the shop knows it.
    pub line: ParcelLine,
    /// The carrier's id at WeChat, for an order that is reported to WeChat; otherwise empty.
    company_id: String,
    /// What it would do, or has done.
    pub outcome: ParcelOutcome,
    /// The goods and the recipient; `None` for an order that cannot be sent.
    pub contents: Option<ParcelContents>,
}

/// The goods and the recipient of a parcel. Staff compare them with the parcel, to find a tracking number in a wrong
/// line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelContents {
    /// The recipient's name, telephone and address.
    pub recipient: String,
    /// Each line of the order with the pieces to send: `青瓷马克杯 300 ml ×2`.
    pub goods: Vec<String>,
}

impl ParcelContents {
    fn of(order: &ShopperOrder, to: &DeliveryRecord) -> Self {
        let goods = order.items.iter().filter_map(|item| {
            let pieces = item.to_send(&order.after_sales);
            (pieces > 0).then(|| item.in_words(pieces))
        });
        Self { recipient: format!("{} {} {}", to.name, to.phone, to.address), goods: goods.collect() }
    }
}

/// The lines of a file, each with its outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedParcels(pub Vec<CheckedParcel>);

impl ImportedParcels {
    /// The lines that can be shipped.
    pub fn ready(&self) -> impl Iterator<Item = &ParcelLine> {
        self.0.iter().filter(|parcel| parcel.outcome == ParcelOutcome::Ready).map(|parcel| &parcel.line)
    }

    /// The number of lines with this outcome.
    #[must_use]
    pub fn count(&self, is_it: impl Fn(&ParcelOutcome) -> bool) -> usize {
        self.0.iter().filter(|parcel| is_it(&parcel.outcome)).count()
    }
}

impl Shipping {
    /// Checks what each line would do. Changes nothing.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], or a failing database.
    pub async fn check_parcels(
        &self,
        staff: &Staff,
        lines: Vec<ParcelLine>,
    ) -> Result<ImportedParcels, ShopError> {
        staff.check(Right::Ship)?;
        let ids: Vec<OrderId> = lines.iter().filter_map(|line| line.order.parse().ok()).collect();
        let orders = self.store.orders_with_parts(&ids).await?;
        let orders: HashMap<&str, &ShopperOrder> =
            orders.iter().map(|order| (order.order.id.as_str(), order)).collect();
        let mut carriers = Carriers::new(self).await?;
        let mut seen = Seen::default();
        let mut checked = Vec::with_capacity(lines.len());
        for line in lines {
            checked.push(self.check_parcel(line, &orders, &mut carriers, &mut seen).await?);
        }
        Ok(ImportedParcels(checked))
    }

    /// Ships the valid lines. Each order gets one parcel, as with [`Shipping::ship`]. A second call with the same lines
    /// ships nothing.
    ///
    /// # Errors
    /// As [`Shipping::check_parcels`]. A refused shipment is only the outcome of its line.
    pub async fn ship_parcels(
        &self,
        staff: &Staff,
        lines: Vec<ParcelLine>,
    ) -> Result<ImportedParcels, ShopError> {
        let checked = self.check_parcels(staff, lines).await?;
        let shipped = stream::iter(checked.0).map(|parcel| self.ship_ready(staff, parcel)).buffered(AT_ONCE);
        Ok(ImportedParcels(shipped.collect().await))
    }

    async fn ship_ready(&self, staff: &Staff, parcel: CheckedParcel) -> CheckedParcel {
        if parcel.outcome != ParcelOutcome::Ready {
            return parcel;
        }
        let done = async {
            let id: OrderId = parcel.line.order.parse().map_err(|_| ShopError::NotFound)?;
            let company = (parcel.company_id.clone(), parcel.line.carrier.clone());
            let form = ParcelForm::only(&parcel.line.carrier, &parcel.line.tracking_no);
            self.record_parcel(staff, &id, company, &form).await
        };
        let outcome = match done.await {
            Ok(()) => ParcelOutcome::Shipped,
            Err(ShopError::Changed) => ParcelOutcome::Wrong(ParcelProblem::Changed),
            Err(error) => {
                if error.is_ours() {
                    tracing::error!(%error, order = parcel.line.order, "a parcel of a file was not shipped");
                }
                ParcelOutcome::Wrong(ParcelProblem::Refused(error.sentence()))
            }
        };
        CheckedParcel { outcome, ..parcel }
    }

    async fn check_parcel(
        &self,
        line: ParcelLine,
        orders: &HashMap<&str, &ShopperOrder>,
        carriers: &mut Carriers,
        seen: &mut Seen,
    ) -> Result<CheckedParcel, ShopError> {
        let order = match order_of(&line, orders) {
            Ok(order) => order,
            Err(problem) => return Ok(wrong(line, problem)),
        };
        if let Some(first) = seen.orders.insert(order.order.id.clone(), line.line) {
            // the first line counts
            seen.orders.insert(order.order.id.clone(), first);
            return Ok(wrong(line, ParcelProblem::Repeated(first)));
        }
        if let Some(sent) = order.shipment.as_ref().filter(|sent| !sent.parcels.is_empty()) {
            let is_known = sent.parcels.iter().any(|parcel| parcel.tracking_no == line.tracking_no);
            if is_known {
                return Ok(CheckedParcel {
                    line,
                    company_id: String::new(),
                    outcome: ParcelOutcome::ShippedBefore,
                    contents: None,
                });
            }
            let known = sent.parcels.last().map(|parcel| parcel.tracking_no.clone()).unwrap_or_default();
            return Ok(wrong(line, ParcelProblem::SentWith(known)));
        }
        let delivery = match deliverable(order) {
            Ok(delivery) => delivery,
            Err(problem) => return Ok(wrong(line, problem)),
        };
        let contents = Some(ParcelContents::of(order, delivery));
        let refused = |line, problem| CheckedParcel { contents: contents.clone(), ..wrong(line, problem) };
        if let Err(problem) = check_number(&line.tracking_no) {
            return Ok(refused(line, problem));
        }
        // two orders of one recipient may share a parcel
        let first =
            seen.parcels.entry(line.tracking_no.clone()).or_insert_with(|| (line.line, recipient(delivery)));
        if first.1 != recipient(delivery) {
            let first = first.0;
            return Ok(refused(line, ParcelProblem::OtherRecipient(first)));
        }
        let is_managed = match (&self.managed_appid(), &order.paid_by) {
            (Some(appid), Some(paid_by)) => *appid == paid_by.appid,
            _ => false,
        };
        Ok(match carriers.of(self, &line.carrier, is_managed).await? {
            Ok((company_id, carrier)) => CheckedParcel {
                line: ParcelLine { carrier, ..line },
                company_id,
                outcome: ParcelOutcome::Ready,
                contents,
            },
            Err(problem) => refused(line, problem),
        })
    }
}

fn wrong(line: ParcelLine, problem: ParcelProblem) -> CheckedParcel {
    let outcome = ParcelOutcome::Wrong(problem);
    CheckedParcel { line, company_id: String::new(), outcome, contents: None }
}

/// What the earlier lines contain.
#[derive(Default)]
struct Seen {
    /// The line of each order.
    orders: BTreeMap<OrderId, u64>,
    /// The line of each tracking number, and its recipient.
    parcels: HashMap<String, (u64, [String; 3])>,
}

fn recipient(delivery: &DeliveryRecord) -> [String; 3] {
    [&delivery.name, &delivery.phone, &delivery.address].map(Clone::clone)
}

fn order_of<'a>(
    line: &ParcelLine,
    orders: &HashMap<&str, &'a ShopperOrder>,
) -> Result<&'a ShopperOrder, ParcelProblem> {
    if line.order.is_empty() {
        return Err(ParcelProblem::OrderMissing);
    }
    if is_rounded(&line.order) {
        return Err(ParcelProblem::Rounded(ParcelColumn::Order));
    }
    orders.get(line.order.as_str()).copied().ok_or(ParcelProblem::OrderUnknown)
}

/// The delivery of an order that may be sent to an address.
fn deliverable(order: &ShopperOrder) -> Result<&DeliveryRecord, ParcelProblem> {
    if !order.order.state.was_paid() {
        return Err(ParcelProblem::NotPaid);
    }
    match standing(order.order.state, order.paid_by.as_ref()) {
        Standing::Unknown => return Err(ParcelProblem::Refused(ShopError::RefundsUnknown.sentence())),
        standing if order.order.kind != OrderKind::Goods || !standing.may_ship() => {
            return Err(ParcelProblem::NothingToShip);
        }
        _ => {}
    }
    if !has_pieces(&order.items, &order.after_sales) {
        return Err(ParcelProblem::NothingToShip);
    }
    if order.after_sales.iter().any(|one| one.state.waits_for_staff()) {
        return Err(ParcelProblem::WantsRefund);
    }
    // a shipment without parcels means that the shopper has collected the order
    let delivery = order.delivery.as_ref().filter(|delivery| !delivery.is_pickup());
    delivery.filter(|_| order.shipment.is_none()).ok_or(ParcelProblem::Collected)
}

fn check_number(number: &str) -> Result<(), ParcelProblem> {
    if number.is_empty() {
        return Err(ParcelProblem::TrackingNoMissing);
    }
    if is_rounded(number) {
        return Err(ParcelProblem::Rounded(ParcelColumn::TrackingNo));
    }
    let is_number = number.len() <= LONGEST
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && number.bytes().any(|byte| byte.is_ascii_digit());
    if is_number { Ok(()) } else { Err(ParcelProblem::TrackingNoInvalid) }
}

/// Whether a spreadsheet has rounded a long number, such as `7.31E+13`.
fn is_rounded(text: &str) -> bool {
    let parts = text.to_ascii_uppercase();
    parts.split_once("E+").is_some_and(|(digits, power)| {
        digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && power.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.is_empty()
            && !power.is_empty()
    })
}

/// Looks up each carrier of the lines only once.
struct Carriers {
    known: Vec<DeliveryCompanyRecord>,
    found: HashMap<(String, bool), Result<(String, String), ParcelProblem>>,
    /// Whether WeChat did not answer: then this file does not ask again.
    is_unreadable: bool,
}

impl Carriers {
    async fn new(shipping: &Shipping) -> Result<Self, ShopError> {
        let known = shipping.store.delivery_companies().await?;
        Ok(Self { known, found: HashMap::new(), is_unreadable: false })
    }

    /// The carrier's id at WeChat and its name. The id is empty for an order that is not reported to WeChat.
    async fn of(
        &mut self,
        shipping: &Shipping,
        typed: &str,
        is_managed: bool,
    ) -> Result<Result<(String, String), ParcelProblem>, ShopError> {
        if typed.is_empty() {
            return Ok(Err(ParcelProblem::CarrierMissing));
        }
        let key = (typed.to_owned(), is_managed);
        if let Some(found) = self.found.get(&key) {
            return Ok(found.clone());
        }
        let found = match &shipping.miniprogram {
            Some(program) if is_managed => match find(&self.known, typed) {
                Some(found) => Ok(found),
                None if self.is_unreadable => Err(ParcelProblem::CarriersUnreadable),
                None => match shipping.find_carrier(program, typed).await {
                    Ok(found) => Ok(found),
                    Err(ShopError::Invalid(_)) => Err(ParcelProblem::CarrierUnknown),
                    Err(error @ ShopError::Store(_)) => return Err(error),
                    Err(_) => {
                        self.is_unreadable = true;
                        Err(ParcelProblem::CarriersUnreadable)
                    }
                },
            },
            _ => full_name(&self.known, typed)
                .map(|name| (String::new(), name))
                .ok_or(ParcelProblem::CarrierUnknown),
        };
        self.found.insert(key, found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_number_and_a_text_are_no_tracking_number() {
        assert_eq!(check_number("SF1234567890"), Ok(()));
        assert_eq!(check_number("7.31E+13"), Err(ParcelProblem::Rounded(ParcelColumn::TrackingNo)));
        for wrong in ["待定", "SF", &"1".repeat(41), "1/2"] {
            assert_eq!(check_number(wrong), Err(ParcelProblem::TrackingNoInvalid), "{wrong}");
        }
        assert_eq!(check_number(""), Err(ParcelProblem::TrackingNoMissing));
    }
}
