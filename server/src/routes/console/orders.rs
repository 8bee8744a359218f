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

use super::{NoticeQuery, StaffAuth, failed, page, return_address};
use crate::state::AppState;

/// The filter in forms and links. A wrong value is ignored.
#[derive(Deserialize)]
pub(super) struct ListQuery {
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

impl From<ListQuery> for OrderFilter {
    fn from(query: ListQuery) -> Self {
        Self {
            state: query.state.parse().ok(),
            kind: query.kind.parse().ok(),
            from: query.from.filter(|day| !day.is_empty()),
            to: query.to.filter(|day| !day.is_empty()),
            attention: query.attention == "1",
            view: query.view.parse().ok(),
            search: query.q.chars().take(64).collect(),
            before: query.before.parse().ok(),
        }
    }
}

/// `GET /console/orders`.
pub(super) async fn list(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<ListQuery>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let filter = staff.order_filter(query.into());
    let read = async {
        let admin = state.shop.admin();
        Ok((admin.orders(&staff, &filter).await?, admin.view_counts().await?))
    };
    match read.await {
        Ok(((orders, more), counts)) => {
            let until = ShipUntil::of(state.shop.settings(), state.now_s() * 1000);
            page(orders_page(&notice.head(&staff), OrderList { filter, orders, more, counts, until }))
        }
        Err(error) => failed(&staff, &error, "/console/orders"),
    }
}

/// `GET /console/orders/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Path(id): Path<String>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let redacted = async {
        let id: OrderId = id.parse().map_err(|_| ShopError::NotFound)?;
        Ok((state.shop.admin().order_for(&staff, &id).await?, return_address(&state).await?))
    };
    match redacted.await {
        Ok((file, address)) => {
            let now = (state.shop.settings(), state.now_s() * 1000);
            page(order_page(&notice.head(&staff), &file, None, now, &address))
        }
        Err(error) => failed(&staff, &error, "/console/orders"),
    }
}

/// `POST /console/orders.csv`: the orders of the filter, as a stream.
pub(super) async fn export(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<ListQuery>,
) -> Response {
    let mut filter = OrderFilter::from(query);
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
