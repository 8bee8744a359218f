//! The import of tracking numbers: the form, and the result of each line before and after the shipment.

use leptos::prelude::*;
use shop::{
    CARRIERS, CheckedParcel, ImportedParcels, MAX_PARCEL_LINES, ParcelColumn, ParcelOutcome, ParcelProblem,
};

use super::{
    language::{t, tf, translate},
    layout::{Head, page},
};

/// The form for a file. `problem` is why the shop refused the last file.
#[must_use]
pub fn parcel_file_page(head: &Head<'_>, problem: Option<&'static str>) -> String {
    let columns = [ParcelColumn::Order, ParcelColumn::Carrier, ParcelColumn::TrackingNo]
        .map(|column| translate(column.name()))
        .join(t("、", ", "));
    let carriers = CARRIERS.map(|carrier| t(carrier.name, carrier.id)).join(t("、", ", "));
    let body = view! {
        <section class="panel">
            {problem.map(|text| view! { <p class="error" role="alert">{text}</p> })}
            <p>{tf!("CSV 文件的第一行是列名，要有：{columns}。其他列会被忽略。", "The first line of the CSV file has the names of the columns. It must have: {columns}. Other columns are ignored.")}</p>
            <p class="muted">{tf!("“导出全部待发货订单”得到的文件可以直接填写。编码为 UTF-8 或 GBK，最大 1 MB，最多 {MAX_PARCEL_LINES} 个包裹；没有填写的行会跳过。", "You can fill in the file of “Export all orders to ship”. The encoding is UTF-8 or GBK, the size at most 1 MB, with at most {MAX_PARCEL_LINES} parcels. Lines that are not filled in are left out.")}</p>
            <p class="muted">{tf!("快递公司例如：{carriers}", "Carriers, for example: {carriers}")}</p>
            <form method="post" action="/console/packing/preview" enctype="multipart/form-data" class="row">
                <label>{t("CSV 文件", "CSV file")} <input type="file" name="file" accept=".csv,text/csv,text/plain" required/></label>
                <button class="primary">{t("检查", "Check")}</button>
            </form>
            <p><a href="/console/packing">{t("返回批量发货", "Back to the batch")}</a></p>
        </section>
    };
    page(head, "/console/orders", t("导入运单号", "Import tracking numbers"), body)
}

/// Where the checked tracking numbers come from.
#[derive(Clone, Copy, Debug)]
pub enum ParcelSource {
    /// A file. `empty` is the number of its lines without a tracking number.
    File {
        /// The number of lines without a tracking number.
        empty: usize,
    },
    /// The list of waiting orders.
    Typed,
}

/// The preview: what each line would ship, and the button that ships the right lines.
#[must_use]
pub fn parcel_preview_page(head: &Head<'_>, parcels: &ImportedParcels, source: ParcelSource) -> String {
    let (empty, back, back_words) = match source {
        ParcelSource::File { empty } => {
            (empty, "/console/packing/parcels", t("重新选择文件", "Choose another file"))
        }
        ParcelSource::Typed => (0, "/console/packing", t("返回批量发货", "Back to the batch")),
    };
    let ready = parcels.ready().count();
    let fields = parcels
        .ready()
        .map(|line| {
            let value = [&line.line.to_string(), &line.order, &line.carrier, &line.tracking_no]
                .map(String::as_str)
                .join("\t");
            view! { <input type="hidden" name="line" value=value/> }
        })
        .collect_view();
    let left_out = (empty > 0)
        .then(|| view! { <p class="muted">{tf!("跳过了 {empty} 行没有填写的订单", "Lines left out because they are not filled in: {empty}")}</p> });
    let form = (ready > 0).then(|| {
        view! {
            <form method="post" action="/console/packing/ship" class="actions">
                {fields}
                <button class="primary">{tf!("发货 {ready} 个订单", "Ship {ready} orders")}</button>
            </form>
        }
    });
    let body = view! {
        <section class="panel">
            {summary(parcels)}
            {left_out}
            {(ready > 0).then(|| view! { <p class="muted">{t("发货前请核对每一行的收货人和商品。", "Before you ship, compare the recipient and the goods of each line.")}</p> })}
            {form}
            <p><a href=back>{back_words}</a></p>
        </section>
        {table(parcels)}
    };
    page(head, "/console/orders", t("检查结果", "Result of the check"), body)
}

/// The result of each line after the shipment.
#[must_use]
pub fn parcels_shipped_page(head: &Head<'_>, parcels: &ImportedParcels) -> String {
    let body = view! {
        <section class="panel">
            {summary(parcels)}
            <p><a class="button" href="/console/packing">{t("返回批量发货", "Back to the batch")}</a></p>
        </section>
        {table(parcels)}
    };
    page(head, "/console/orders", t("发货结果", "Result of the shipment"), body)
}

/// The number of lines with each outcome.
fn summary(parcels: &ImportedParcels) -> AnyView {
    let ready = parcels.count(|outcome| *outcome == ParcelOutcome::Ready);
    let shipped = parcels.count(|outcome| *outcome == ParcelOutcome::Shipped);
    let before = parcels.count(|outcome| *outcome == ParcelOutcome::ShippedBefore);
    let wrong = parcels.count(|outcome| matches!(outcome, ParcelOutcome::Wrong(_)));
    let parts: Vec<String> = [
        (ready > 0).then(|| tf!("可以发货 {ready} 个订单", "orders ready: {ready}")),
        (shipped > 0).then(|| tf!("已发货 {shipped} 个订单", "orders shipped: {shipped}")),
        (before > 0).then(|| tf!("之前已发货 {before} 个订单", "orders shipped before: {before}")),
        (wrong > 0).then(|| tf!("有问题、不能发货的 {wrong} 行", "wrong lines: {wrong}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! { <p role="status"><strong>{parts.join(t("，", ", "))}</strong></p> }.into_any()
}

fn table(parcels: &ImportedParcels) -> AnyView {
    let rows = parcels.0.iter().map(row).collect_view();
    view! {
        <table class="list parcels">
            <caption class="hidden">{t("每个运单号的结果", "The result of each tracking number")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("行", "Line")}</th>
                    <th scope="col">{translate(ParcelColumn::Order.name())}</th>
                    <th scope="col">{translate(ParcelColumn::Carrier.name())}</th>
                    <th scope="col">{translate(ParcelColumn::TrackingNo.name())}</th>
                    <th scope="col">{t("收货人", "Recipient")}</th>
                    <th scope="col">{t("商品", "Goods")}</th>
                    <th scope="col">{t("结果", "Result")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(parcel: &CheckedParcel) -> AnyView {
    let line = &parcel.line;
    let (class, words) = match &parcel.outcome {
        ParcelOutcome::Ready => ("tag", t("可以发货", "Ready").to_owned()),
        ParcelOutcome::Shipped => ("tag", t("已发货", "Shipped").to_owned()),
        ParcelOutcome::ShippedBefore => (
            "tag",
            t("之前已用这个运单号发货，不会重复", "Shipped before with this number: nothing to do")
                .to_owned(),
        ),
        ParcelOutcome::Wrong(problem) => {
            let column = translate(problem.column().name());
            ("tag warn", tf!("{column}：{}", "{column}: {}", problem_words(problem)))
        }
    };
    let (recipient, goods) = parcel.contents.as_ref().map_or_else(Default::default, |contents| {
        (contents.recipient.clone(), contents.goods.join(t("；", "; ")))
    });
    view! {
        <tr>
            <td data-label=t("行", "Line")>{line.line.to_string()}</td>
            <td data-label=translate(ParcelColumn::Order.name()) class="id">{line.order.clone()}</td>
            <td data-label=translate(ParcelColumn::Carrier.name()) class="text">{line.carrier.clone()}</td>
            <td data-label=translate(ParcelColumn::TrackingNo.name()) class="id">{line.tracking_no.clone()}</td>
            <td data-label=t("收货人", "Recipient") class="text">{recipient}</td>
            <td data-label=t("商品", "Goods") class="text">{goods}</td>
            <td data-label=t("结果", "Result") class="text"><span class=class>{words}</span></td>
        </tr>
    }
    .into_any()
}

/// The mistake, and what to do.
fn problem_words(problem: &ParcelProblem) -> String {
    let fixed = match problem {
        ParcelProblem::OrderMissing => t("没有填写", "missing"),
        ParcelProblem::Rounded(_) => t(
            "表格软件改写了长编号（如 7.31E+13）：请把这一列设为文本后重新填写",
            "the spreadsheet has rounded the number (like 7.31E+13): make the column text, and fill it in again",
        ),
        ParcelProblem::OrderUnknown => t("没有这个订单", "there is no such order"),
        ParcelProblem::NotPaid => t("还没有付款", "the order is not paid"),
        ParcelProblem::NothingToShip => {
            t("不用发货：已退款，或是充值", "nothing to ship: refunded, or a top-up")
        }
        ParcelProblem::Collected => t("到店自取，不用寄", "the buyer collects it at the shop"),
        ParcelProblem::WantsRefund => t(
            "买家有售后申请：请先在订单页面处理",
            "the buyer asks for a refund: please answer on the order's page first",
        ),
        ParcelProblem::SentWith(known) => {
            return tf!(
                "已用运单号 {known} 发货；要修改请到订单页面",
                "shipped with {known} already; correct it on the order's page"
            );
        }
        ParcelProblem::Repeated(line) => {
            return tf!(
                "与第 {line} 行重复；一个订单有几个包裹时，请在订单页面填写",
                "the same order as in line {line}; further parcels of an order are entered on its page"
            );
        }
        ParcelProblem::CarrierMissing | ParcelProblem::TrackingNoMissing => t("没有填写", "missing"),
        ParcelProblem::CarrierUnknown => t(
            "不认识这家快递公司；其他公司请在订单页面填写",
            "the carrier is not known; enter others on the order's page",
        ),
        ParcelProblem::CarriersUnreadable => t(
            "暂时无法向微信核对快递公司，请稍后再试",
            "WeChat does not answer about carriers. Please try again later.",
        ),
        ParcelProblem::TrackingNoInvalid => {
            t("应为数字、字母和短横，最多 40 位", "digits, letters and hyphens only, at most 40 of them")
        }
        ParcelProblem::OtherRecipient(line) => {
            return tf!(
                "第 {line} 行的另一个收货人已用了这个运单号",
                "line {line} has this number for another recipient"
            );
        }
        ParcelProblem::Changed => {
            t("订单刚刚有变化，请重新检查", "the order has just changed. Please check again.")
        }
        ParcelProblem::Refused(said) => translate(*said),
    };
    fixed.to_owned()
}
