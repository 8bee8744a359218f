use app::console::{OrderList, ShipUntil, order_page, orders_page, query_of};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures::stream;
use model::OrderId;
use serde::Deserialize;
use shop::{Admin, OrderFilter, ShopError, shanghai};

use super::{Done, StaffAuth, failed, page, return_address};
use crate::state::AppState;

/// The filter in forms and links. A wrong value is ignored.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    attention: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    before: String,
}

impl From<Wanted> for OrderFilter {
    fn from(wanted: Wanted) -> Self {
        Self {
            state: wanted.state.parse().ok(),
            kind: wanted.kind.parse().ok(),
            from: wanted.from.filter(|day| !day.is_empty()),
            to: wanted.to.filter(|day| !day.is_empty()),
            attention: wanted.attention == "1",
            view: wanted.view.parse().ok(),
            search: wanted.q.chars().take(64).collect(),
            before: wanted.before.parse().ok(),
        }
    }
}

/// `GET /console/orders`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(wanted): Query<Wanted>,
    Query(done): Query<Done>,
) -> Response {
    let filter = staff.order_filter(wanted.into());
    let read = async {
        let admin = state.shop.admin();
        Ok((admin.orders(&staff, &filter).await?, admin.view_counts().await?))
    };
    match read.await {
        Ok(((orders, more), counts)) => {
            let until = ShipUntil::of(state.shop.settings(), state.now_s() * 1000);
            page(orders_page(&done.head(&staff), OrderList { filter, orders, more, counts, until }))
        }
        Err(error) => failed(&staff, &error, "/console/orders"),
    }
}

/// `GET /console/orders/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Response {
    let redacted = async {
        let id: OrderId = id.parse().map_err(|_| ShopError::NotFound)?;
        Ok((state.shop.admin().order_for(&staff, &id).await?, return_address(&state).await?))
    };
    match redacted.await {
        Ok((file, address)) => {
            let now = (state.shop.settings(), state.now_s() * 1000);
            page(order_page(&done.head(&staff), &file, None, now, &address))
        }
        Err(error) => failed(&staff, &error, "/console/orders"),
    }
}

/// `POST /console/orders.csv`: the orders of the filter, as a stream.
pub(super) async fn export(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(wanted): Query<Wanted>,
) -> Response {
    let mut filter = OrderFilter::from(wanted);
    filter.before = None;
    let head = match state.shop.admin().begin_export(&staff, &filter).await {
        Ok(head) => head,
        Err(error) => return failed(&staff, &error, &format!("/console/orders{}", query_of(&filter))),
    };
    let day = shanghai(state.now_s() * 1000).strftime("%Y%m%d");
    let name = format!("attachment; filename=\"orders-{day}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(pages(state.shop.admin().clone(), filter, head))).into_response()
}

/// The head, then one page of rows after the other. If the database fails, the download fails, so that an incomplete
/// file does not look complete.
fn pages(
    admin: Admin,
    filter: OrderFilter,
    head: &'static str,
) -> impl stream::Stream<Item = Result<String, ShopError>> {
    stream::try_unfold((admin, filter, Some(head)), |(admin, mut filter, head)| async move {
        if let Some(head) = head {
            return Ok(Some((head.to_owned(), (admin, filter, None))));
        }
        match admin.export_page(&filter).await? {
            Some((lines, last)) => {
                filter.before = Some(last);
                Ok(Some((lines, (admin, filter, None))))
            }
            None => Ok(None),
        }
    })
}
