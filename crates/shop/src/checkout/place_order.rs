use std::net::IpAddr;

use model::{
    Fen, OrderId, Quantity, Shopper, Sku,
    event::{EventKind, EventSource},
    freight::FreightRule,
    job::JobKind,
    order::{OrderKind, OrderState},
    price::{PriceLine, price_order},
    record::{DeliveryRecord, ItemRecord, OrderRecord},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork, Unpaid};

use super::{
    Confirmation, balance,
    delivery::Deliver,
    price::{ORDER_TOO_EXPENSIVE, REDUCTION, rule_for_delivery, weight_of},
    purchase_limit,
};
use crate::{
    Checkout, HoldLimits, ShopError,
    client_address::limit_key,
    clock::ms,
    ids::{digits, nonce},
    orders::check_stock,
};

/// A line of a new order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrderLine {
    /// The specification.
    pub sku: Sku,
    /// The number of pieces.
    pub quantity: Quantity,
}

/// A selected line of the cart, as the page showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedLine {
    /// The specification.
    pub sku: Sku,
    /// The price of a piece that the page showed.
    pub price: Fen,
    /// The number of pieces that the page showed; `None` if the form does not contain it.
    pub quantity: Option<Quantity>,
}

/// The maximum number of lines in an order.
const MAX_LINES: usize = 50;

impl Checkout {
    /// Places an order and holds its stock. The order goes to the last used address. Prices come from the database.
    /// [`HoldLimits`] limits the stock that unpaid orders of one shopper, and from one IP address (`ip`), can hold.
    ///
    /// If the shopper orders the same items again before a payment has begun, this returns the first order. So a double
    /// tap creates one order.
    ///
    /// # Errors
    /// [`ShopError::BadRequest`] without lines or with too many, [`ShopError::NotFound`] for an unknown sku,
    /// [`ShopError::OffShelf`], [`ShopError::NotYetOnSale`], [`ShopError::OutOfStock`], [`ShopError::OverLimit`],
    /// [`ShopError::TooManyUnpaid`], [`ShopError::TooMuchHeld`], [`ShopError::TooMuchHeldFromAddress`], or a failing
    /// database.
    pub async fn place(
        &self,
        shopper: &Shopper,
        lines: &[NewOrderLine],
        ip: IpAddr,
    ) -> Result<OrderId, ShopError> {
        self.place_lines(shopper, merge(lines)?, None, None, ip).await
    }

    /// Places an order with the choices of the confirmation page. If the shopper has an unpaid order of the same items
    /// that goes to the same place, this returns that order. So a double tap creates one order.
    ///
    /// # Errors
    /// The first of [`Delivery::problems`](super::Delivery::problems), [`ShopError::NoDelivery`],
    /// [`ShopError::FreightChanged`], [`ShopError::BalanceChanged`], [`ShopError::PriceChanged`], and as
    /// [`Checkout::place`].
    pub async fn place_to(
        &self,
        shopper: &Shopper,
        lines: &[NewOrderLine],
        confirmation: Confirmation,
        ip: IpAddr,
    ) -> Result<OrderId, ShopError> {
        self.place_lines(shopper, merge(lines)?, None, Some(confirmation), ip).await
    }

    /// Places an order from selected lines of the shopper's cart, and removes these lines from the cart. Without a
    /// confirmation the order goes to the last used address.
    ///
    /// # Errors
    /// [`ShopError::NothingChosen`], [`ShopError::CartChanged`], [`ShopError::PriceChanged`], and as
    /// [`Checkout::place_to`].
    pub async fn place_from_cart(
        &self,
        shopper: &Shopper,
        chosen: &[SelectedLine],
        confirmation: Option<Confirmation>,
        ip: IpAddr,
    ) -> Result<OrderId, ShopError> {
        let cart = self.store.cart(shopper).await?;
        let lines: Vec<_> = cart
            .into_iter()
            .filter(|row| chosen.iter().any(|line| line.sku == row.sku))
            .map(|row| NewOrderLine { sku: row.sku, quantity: row.quantity })
            .collect();
        if lines.is_empty() {
            return Err(ShopError::NothingChosen);
        }
        let is_as_shown = chosen.iter().all(|seen| {
            let now = lines.iter().find(|line| line.sku == seen.sku).map(|line| line.quantity);
            seen.quantity.is_none() || seen.quantity == now
        });
        if !is_as_shown {
            return Err(ShopError::CartChanged);
        }
        self.place_lines(shopper, merge(&lines)?, Some(chosen.to_vec()), confirmation, ip).await
    }

    async fn place_lines(
        &self,
        shopper: &Shopper,
        lines: Vec<NewOrderLine>,
        from_cart: Option<Vec<SelectedLine>>,
        confirmation: Option<Confirmation>,
        ip: IpAddr,
    ) -> Result<OrderId, ShopError> {
        let mut items = Vec::with_capacity(lines.len());
        let mut weights = Vec::with_capacity(lines.len());
        let now_ms = self.clock.now_ms();
        let id = self.new_order_id(now_ms);
        let catalogue = self.catalogue.current();
        for (position, line) in (1..).zip(&lines) {
            let (product, spec) = catalogue.sku(&line.sku).ok_or(ShopError::NotFound)?;
            weights.push(weight_of(&catalogue, &line.sku));
            items.push(ItemRecord {
                order_id: id.clone(),
                position,
                sku: line.sku.clone(),
                name: product.name.clone(),
                spec: spec.spec.clone(),
                picture: product.picture.clone(),
                // the command sets the price: it reads the price in its transaction
                price: Fen::ZERO,
                quantity: line.quantity,
                reduction: Fen::ZERO,
            });
        }
        let basket =
            lines.iter().map(|line| format!("{}*{}", line.sku, line.quantity)).collect::<Vec<_>>().join(" ");
        // only for orders of one line: with more lines the shop does not know which one is sold out
        let single = lines.first().filter(|_| lines.len() == 1);
        let stock_version = self.store.stock_version();
        if single.is_some_and(|line| self.sold_out.is_sold_out(line, stock_version, now_ms))
            // a double tap must find the first order, even if that order took the last piece
            && !self.has_ordered(shopper, &basket).await?
        {
            return Err(ShopError::OutOfStock);
        }
        let expires_ms = now_ms + ms(self.order_expire);
        let (new_id, is_chosen) = (id.clone(), confirmation.is_some());
        let freight_seen = confirmation.as_ref().and_then(|confirmed| confirmed.delivery.freight_seen);
        let balance = confirmation.as_ref().and_then(|confirmed| confirmed.balance).unwrap_or_default();
        let price_seen = confirmation.as_ref().and_then(|confirmed| confirmed.price_seen);
        let key = confirmation.as_ref().and_then(|confirmed| confirmed.key.clone());
        let (delivery, freight) = match confirmation {
            Some(Confirmation { delivery, .. }) => {
                let row = delivery.record(&id)?;
                let rule = rule_for_delivery(&catalogue, Some(&row))?;
                self.keep_address_of(shopper, &delivery).await?;
                (Some(row), rule)
            }
            None => {
                let last_used = self.store.addresses(shopper).await?.into_iter().next();
                let row = last_used
                    .map(|address| DeliveryRecord::to_address(id.clone(), &address.recipient, String::new()));
                match rule_for_delivery(&catalogue, row.as_ref()) {
                    Ok(rule) => (row, rule),
                    // the shop does not deliver there: the shopper chooses another address before the payment
                    Err(_) => (None, None),
                }
            }
        };
        let choice = delivery.clone().filter(|_| is_chosen);
        let place = Place {
            id,
            shopper: shopper.clone(),
            basket,
            items,
            weights,
            delivery,
            freight,
            freight_seen,
            is_chosen,
            price_seen,
            from_cart,
            now_ms,
            expires_ms,
            balance,
            // an order that uses the balance has the key of the page, so that a second tap finds it
            link_key: key.filter(|_| balance > Fen::ZERO).unwrap_or_else(|| nonce(&*self.ids)),
            placed_from: limit_key(ip),
            holds: self.holds,
        };
        let placed = match self.store.write(place.clone()).await? {
            Ok(Placed::ShopperMoved(shopper)) => self.store.write(Place { shopper, ..place }).await?,
            placed => placed,
        };
        if let Some(line) = single {
            match placed {
                Err(ShopError::OutOfStock) => self.sold_out.remember(line, stock_version, now_ms),
                _ => self.sold_out.forget(line),
            }
        }
        let id = match placed? {
            Placed::Order(id) => id,
            // a shopper is merged only once
            Placed::ShopperMoved(_) => return Err(ShopError::Busy),
        };
        match choice {
            Some(row) if id != new_id => {
                self.choose_again(DeliveryRecord { order_id: id, ..row }, now_ms).await
            }
            Some(_) | None => Ok(id),
        }
    }

    /// Whether the shopper has an order of these items. Only a few queries run at the same time, so that a rush leaves
    /// database connections for other pages.
    async fn has_ordered(&self, shopper: &Shopper, basket: &str) -> Result<bool, ShopError> {
        let _place = self.second_taps.acquire().await.map_err(|_| ShopError::Busy)?;
        Ok(self.store.has_basket(shopper, basket).await?)
    }

    /// Applies the chosen delivery to an order that existed before.
    async fn choose_again(&self, row: DeliveryRecord, now_ms: i64) -> Result<OrderId, ShopError> {
        let id = row.order_id.clone();
        // the second tap of a double tap has the same choice
        if self.store.delivery(&id).await?.as_ref() == Some(&row) {
            return Ok(id);
        }
        let freight = self.freight_of(&self.ordered_lines(&id).await?, &row)?;
        match self.store.write(Deliver { row, freight, now_ms }).await? {
            // the order was paid a moment ago: its delivery must not change any more
            Ok(()) | Err(ShopError::AlreadyPaid) => Ok(id),
            Err(error) => Err(error),
        }
    }

    /// A new order id: the time in Shanghai to the millisecond, and 7 random digits. Ids sort by age.
    pub(super) fn new_order_id(&self, now_ms: i64) -> OrderId {
        let time = wechat::time::v2_time(now_ms.div_euclid(1000));
        let id = format!("{time}{:03}{}", now_ms.rem_euclid(1000), digits(&*self.ids, 7));
        id.parse().expect("24 digits are an order id")
    }
}

/// Merges lines of the same sku, and sorts the lines by sku.
fn merge(lines: &[NewOrderLine]) -> Result<Vec<NewOrderLine>, ShopError> {
    let mut merged: Vec<NewOrderLine> = Vec::with_capacity(lines.len());
    for line in lines {
        match merged.iter_mut().find(|known| known.sku == line.sku) {
            Some(known) => {
                known.quantity = (known.quantity.get() + line.quantity.get())
                    .try_into()
                    .map_err(|_| ShopError::BadRequest("more than 99 of one thing"))?;
            }
            None => merged.push(line.clone()),
        }
    }
    if merged.is_empty() || merged.len() > MAX_LINES {
        return Err(ShopError::BadRequest("an order has 1 to 50 lines"));
    }
    merged.sort_unstable_by(|one, other| one.sku.cmp(&other.sku));
    Ok(merged)
}

/// The result of placing an order.
enum Placed {
    Order(OrderId),
    /// Nothing was written, because a login has merged the shopper into this one since the request began. The limits
    /// must count this shopper's orders.
    ShopperMoved(Shopper),
}

#[derive(Clone)]
struct Place {
    id: OrderId,
    shopper: Shopper,
    basket: String,
    items: Vec<ItemRecord>,
    /// The weight of a piece of each line, grams.
    weights: Vec<i64>,
    /// The delivery: the shopper's choice, otherwise the last used address.
    delivery: Option<DeliveryRecord>,
    /// The delivery rule for this delivery; `None` if it is free.
    freight: Option<FreightRule>,
    /// The delivery cost that the page showed, fen.
    freight_seen: Option<Fen>,
    /// Whether the shopper chose the delivery for this order.
    is_chosen: bool,
    /// The price of a piece that the page showed, fen, if the order has one line.
    price_seen: Option<Fen>,
    /// The selected lines as the page showed them, if the order is from the cart.
    from_cart: Option<Vec<SelectedLine>>,
    now_ms: i64,
    expires_ms: i64,
    /// The balance that the page showed, fen; zero if the order does not use it.
    balance: Fen,
    link_key: String,
    placed_from: String,
    holds: HoldLimits,
}

impl Place {
    /// Whether a known order of the same items goes to the same place, or one of the two has no delivery yet.
    fn goes_there(&self, unit: &UnitOfWork, id: &OrderId) -> bool {
        let (Some(known), Some(new)) = (unit.delivery_of_same_basket(id), &self.delivery) else {
            return true;
        };
        (&known.name, &known.phone, &known.address, &known.note)
            == (&new.name, &new.phone, &new.address, &new.note)
    }
}

impl Command for Place {
    type Reply = Result<Placed, ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.basket(&self.shopper, &self.basket);
        reads.holds(&self.shopper, &self.placed_from);
        if self.balance > Fen::ZERO {
            reads.balance(&self.shopper);
            reads.order_with_link_key(&self.shopper, &self.link_key);
        }
        for item in &self.items {
            reads.sku(&item.sku);
        }
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let shopper = unit.current_shopper(self.shopper.clone());
        if shopper != self.shopper {
            return Ok(Placed::ShopperMoved(shopper));
        }
        if self.balance > Fen::ZERO
            && let Some(confirmed) = unit.order_with_link_key(&self.shopper, &self.link_key)
        {
            return Ok(Placed::Order(confirmed.id.clone()));
        }
        let mut items = self.items.clone();
        let mut lines = Vec::with_capacity(items.len());
        for (item, weight_g) in items.iter_mut().zip(&self.weights) {
            let shelf = unit.stock(&item.sku).ok_or(ShopError::NotFound)?;
            let seen = self.from_cart.as_ref().and_then(|seen| seen.iter().find(|line| line.sku == item.sku));
            let seen = seen.map(|line| line.price).or(self.price_seen);
            if seen.is_some_and(|price| price != shelf.price) {
                return Err(ShopError::PriceChanged);
            }
            item.price = shelf.price;
            lines.push(PriceLine { price: shelf.price, quantity: item.quantity, weight_g: *weight_g });
        }
        let price = price_order(&lines, self.freight.as_ref(), REDUCTION).ok_or(ORDER_TOO_EXPENSIVE)?;
        if self.freight_seen.is_some_and(|seen| seen != price.freight) {
            return Err(ShopError::FreightChanged);
        }
        for (item, share) in items.iter_mut().zip(&price.shares) {
            item.reduction = *share;
        }
        let total = price.total();
        let balance_fee = self.balance.min(total);
        let same = unit
            .same_basket(&self.shopper, &self.basket)
            // without a confirmation (a program) the same items are a new order once a payment has begun
            .filter(|order| {
                if self.is_chosen {
                    self.goes_there(unit, &order.id)
                } else {
                    order.state == OrderState::Created
                }
            })
            // only an order that still holds its pieces: otherwise they may be sold out before the payment
            .find(|order| {
                // until the payment begins, another delivery cost is possible: `choose_again` sets it
                let without_freight = Fen(order.total_fee.0 - order.freight_fee.0);
                let is_same_price = order.total_fee == total
                    || (order.state == OrderState::Created
                        && balance_fee == Fen::ZERO
                        && without_freight.0 == total.0 - price.freight.0);
                let is_same_payment = order.balance_fee == balance_fee;
                order.expires_ms > self.now_ms && is_same_price && is_same_payment && order.held > 0
            })
            .map(|order| order.id.clone());
        // the limits apply only to a new order: the pieces of `same` are counted already
        let more = Unpaid { orders: 1, pieces: items.iter().map(|item| item.quantity.get()).sum() };
        if same.is_none() {
            if unit.balance(&self.shopper) < balance_fee {
                return Err(ShopError::BalanceChanged);
            }
            check_stock(unit, &items, self.now_ms)?;
            purchase_limit::check(unit, &self.shopper, &items)?;
            self.holds.check(unit, &self.shopper, &self.placed_from, more)?;
        }
        if self.from_cart.is_some() {
            for item in &items {
                unit.remove_from_cart(&self.shopper, &item.sku);
            }
        }
        if let Some(id) = same {
            return Ok(Placed::Order(id));
        }
        purchase_limit::count(unit, &self.shopper, &items);
        for item in &items {
            unit.move_stock(&item.sku, -item.quantity.get());
        }
        let order = OrderRecord {
            id: self.id.clone(),
            kind: OrderKind::Goods,
            shopper: self.shopper.clone(),
            basket: self.basket.clone(),
            state: OrderState::Created,
            total_fee: total,
            freight_fee: price.freight,
            reduction_fee: price.reduction,
            balance_fee,
            created_ms: self.now_ms,
            expires_ms: self.expires_ms,
            paid_ms: None,
            paid_out_trade_no: None,
            version: 0,
            link_key: self.link_key.clone(),
            placed_from: self.placed_from.clone(),
            held: more.pieces,
        };
        unit.count_unpaid(&self.shopper, &self.placed_from, more);
        let release_ms = self.now_ms + ms(self.holds.hold);
        let from_balance = match balance_fee {
            Fen::ZERO => String::new(),
            fee => format!(", {} of them from the balance", fee.0),
        };
        if balance_fee > Fen::ZERO {
            balance::reserve(unit, &order);
        }
        let is_paid = order.wechat_fee() == Fen::ZERO;
        add(unit, order, items, format!("{}, {} fen{from_balance}", self.basket, total.0), release_ms);
        if is_paid {
            balance::pay(unit, &self.id, self.now_ms)?;
        }
        if let Some(delivery) = &self.delivery {
            unit.set_delivery(delivery.clone());
        }
        Ok(Placed::Order(self.id.clone()))
    }
}

/// Adds a new order with its first event and its `expire` job. The job runs first at `release_ms`, to return the stock
/// if no payment has begun.
pub(super) fn add(
    unit: &mut UnitOfWork,
    order: OrderRecord,
    items: Vec<ItemRecord>,
    detail: String,
    release_ms: i64,
) {
    let (id, at_ms, expires_ms) = (order.id.clone(), order.created_ms, order.expires_ms);
    unit.add_order(order, items);
    unit.record_event(
        &id,
        EventEntry {
            at_ms,
            source: EventSource::Shopper,
            kind: EventKind::Placed,
            out_trade_no: None,
            detail,
        },
    );
    unit.enqueue(JobKind::Expire, &id, expires_ms.min(release_ms));
}
