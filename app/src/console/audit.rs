use leptos::prelude::*;
use model::{audit::AuditAction, record::AuditRecord};

use super::{
    audit_detail::{CatalogueNames, actor_word, audit_words},
    language::t,
    layout::{Head, page},
    messages::time,
};

/// The audit log: who did what. `names` has the names of products and specifications.
#[must_use]
pub fn audit_page(head: &Head<'_>, rows: &[AuditRecord], more: bool, names: &CatalogueNames) -> String {
    let next = rows.last().filter(|_| more).map(|row| {
        let href = format!("/console/audit?at={}&id={}", row.at_ms, row.id);
        view! { <a class="button" href=href rel="next">{t("更早的记录", "Earlier entries")}</a> }
    });
    let rows = rows
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <td data-column="time" data-label=t("时间", "Time")>{time(row.at_ms)}</td>
                    <td data-column="source" data-label=t("操作人", "By")>{actor_word(row)}</td>
                    <td data-column="event" data-label=t("操作", "Action")>{action_word(row.what)}</td>
                    <td data-column="detail" data-label=t("说明", "Details") class="text">{audit_words(row, names)}</td>
                </tr>
            }
        })
        .collect_view();
    let body = view! {
        <table class="list events">
            <caption class="hidden">{t("操作记录，从新到旧", "The audit log, newest first")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("时间", "Time")}</th>
                    <th scope="col">{t("操作人", "By")}</th>
                    <th scope="col">{t("操作", "Action")}</th>
                    <th scope="col">{t("说明", "Details")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <nav class="actions" aria-label=t("翻页", "Pages")>{next}</nav>
    };
    page(head, "/console/audit", t("操作记录", "Audit log"), body)
}

/// The name of an action in the audit log.
fn action_word(action: AuditAction) -> &'static str {
    match action {
        AuditAction::SignIn => t("登录", "Sign-in"),
        AuditAction::SignInRefused => t("登录失败", "Sign-in refused"),
        AuditAction::SignOut => t("退出", "Sign out"),
        AuditAction::Ship => t("发货", "Shipped"),
        AuditAction::CorrectParcel => t("修改物流", "Parcel corrected"),
        AuditAction::HandOver => t("交货", "Handed over"),
        AuditAction::ReportDelivery => t("重新录入发货信息", "Delivery reported again"),
        AuditAction::CorrectAddress => t("修改收货地址", "Address corrected"),
        AuditAction::Refund => t("退款", "Refund"),
        AuditAction::RedirectRefund => t("异常退款改退", "Abnormal refund redirected"),
        AuditAction::GrantRefund => t("同意售后退款", "After-sale refunded"),
        AuditAction::AgreeToReturn => t("同意退货", "Return agreed"),
        AuditAction::ReceiveReturn => t("收到退货", "Returned goods received"),
        AuditAction::DeclineAfterSale => t("拒绝售后申请", "After-sale declined"),
        AuditAction::ReplyToComplaint => t("回复投诉", "Replied to a complaint"),
        AuditAction::FinishComplaint => t("投诉处理完成", "Complaint finished"),
        AuditAction::DecideComplaintRefund => t("答复投诉退款", "Refund of a complaint decided"),
        AuditAction::IssueInvoice => t("开票", "Invoice issued"),
        AuditAction::Export => t("导出", "Exported"),
        AuditAction::CopyPersonalData => t("导出买家信息", "Buyer's data copied"),
        AuditAction::ErasePersonalData => t("删除买家信息", "Buyer's data erased"),
        AuditAction::ChangeProduct => t("修改商品", "Product changed"),
        AuditAction::AddProduct => t("新增商品", "Product added"),
        AuditAction::AddSku => t("新增规格", "Specification added"),
        AuditAction::ChangeSku => t("修改规格", "Specification changed"),
        AuditAction::CorrectStock => t("调整库存", "Stock corrected"),
        AuditAction::ChangePicture => t("更换图片", "Picture replaced"),
        AuditAction::PutOnSale => t("上架", "Put on sale"),
        AuditAction::TakeOffSale => t("下架", "Taken off sale"),
        AuditAction::ChangeOptions => t("修改选项", "Options changed"),
        AuditAction::ChangeSalePeriod => t("定时上下架", "Sale period changed"),
        AuditAction::ChangeFreight => t("修改运费", "Delivery cost changed"),
        AuditAction::ArchiveProduct => t("删除商品", "Product deleted"),
        AuditAction::RestoreProduct => t("恢复商品", "Product restored"),
        AuditAction::ExportCatalogue => t("导出商品", "Catalogue exported"),
        AuditAction::ImportCatalogue => t("导入商品", "Catalogue imported"),
        AuditAction::ResolveDiscrepancy => t("处理对账差异", "Discrepancy resolved"),
        AuditAction::AddStaff => t("添加员工", "Staff account added"),
        AuditAction::ResetStaff => t("重置员工", "Staff account reset"),
        AuditAction::InviteStaff => t("邀请员工", "Staff invited"),
        AuditAction::AcceptInvitation => t("设置密码和验证码", "Password and code set"),
        AuditAction::ChangePassword => t("修改密码", "Password changed"),
        AuditAction::RenewSecondFactor => t("更换验证码", "One-time code renewed"),
        AuditAction::UseRecoveryCode => t("用备用验证码登录", "Recovery code used"),
        AuditAction::RenewRecoveryCodes => t("更换备用验证码", "Recovery codes renewed"),
        AuditAction::ChangeRole => t("修改角色", "Role changed"),
        AuditAction::RemoveStaff => t("移除员工", "Staff account removed"),
        AuditAction::EndSessions => t("强制下线", "Sessions ended"),
        AuditAction::MergeShoppers => t("合并买家", "Shoppers merged"),
        AuditAction::ReadAccessToken => t("获取 access_token", "access_token read"),
        AuditAction::ReportAccessToken => t("报告 access_token 失效", "access_token reported as invalid"),
    }
}
