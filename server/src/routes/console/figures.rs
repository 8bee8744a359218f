use app::console::figures_page;
use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use serde::Deserialize;
use shop::{Admin, Days, MoneyExport, ShopError};

use super::{NoticeQuery, StaffAuth, failed, page};
use crate::{request_context::language, state::AppState};

const PAGE: &str = "/console/figures";

/// The days in forms and links.
#[derive(Deserialize)]
pub(super) struct PeriodQuery {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `GET /console/figures`.
pub(super) async fn show(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<PeriodQuery>,
    Query(notice): Query<NoticeQuery>,
) -> Response {
    let admin = state.shop.admin();
    let read = async {
        let days = admin.days(&query.from, &query.to)?;
        let (figures, before) = admin.compared_figures(&days).await?;
        Ok((days, before, figures))
    };
    match read.await {
        Ok((days, before, figures)) => {
            let usual = Days::usual(state.now_s() * 1000);
            page(figures_page(&notice.head(&staff), (&days, &before), &usual, &figures))
        }
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// A response with a CSV file for a spreadsheet.
fn file(name: &str, wanted: &Days, body: Body) -> Response {
    let name = format!("attachment; filename=\"{name}-{}-{}.csv\"", wanted.from, wanted.to);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

/// `POST /console/figures.csv`.
pub(super) async fn export(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<PeriodQuery>,
    headers: HeaderMap,
) -> Response {
    let admin = state.shop.admin();
    let read = async {
        let days = admin.days(&query.from, &query.to)?;
        let text = admin.export_figures(&staff, &days, language(&headers)).await?;
        Ok((days, text))
    };
    match read.await {
        Ok((days, text)) => file("figures", &days, Body::from(text)),
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// `POST /console/money.csv`: the movements of money, as a stream.
pub(super) async fn export_money(
    State(state): State<AppState>,
    StaffAuth { staff, .. }: StaffAuth,
    Query(query): Query<PeriodQuery>,
    headers: HeaderMap,
) -> Response {
    let admin = state.shop.admin();
    let begin = async {
        let days = admin.days(&query.from, &query.to)?;
        let begun = admin.begin_money_export(&staff, &days, language(&headers)).await?;
        Ok((days, begun))
    };
    match begin.await {
        Ok((days, (head, export))) => {
            file("money", &days, Body::from_stream(pages(admin.clone(), head, export)))
        }
        Err(error) => failed(&staff, &error, PAGE),
    }
}

/// The head, then one page of rows after the other. If the database fails, the download fails, so that an incomplete
/// file does not look complete.
fn pages(
    admin: Admin,
    head: String,
    export: MoneyExport,
) -> impl stream::Stream<Item = Result<String, ShopError>> {
    stream::try_unfold((admin, Some(head), export), |(admin, head, mut export)| async move {
        if let Some(head) = head {
            return Ok(Some((head, (admin, None, export))));
        }
        let lines = admin.money_export_page(&mut export).await?;
        Ok(lines.map(|lines| (lines, (admin, None, export))))
    })
}
