//! Reports a delivery to WeChat. If the outcome of an earlier upload is unknown, the shop asks WeChat before it uploads
//! again.

use model::{
    OrderId,
    delivery::{ReportState, WechatOrderState},
    order::OrderState,
    record::{AttemptRecord, DeliveryReportRecord},
};
use wechat::{
    ErrorKind,
    miniprogram::{
        MiniProgram,
        shipping::{InvalidShippingInfo, ManagedOrder, ManagedOrderState, PaymentKey, ShippingInfo},
    },
};

use super::{
    Shipping,
    content::{content, payment_key},
    report_outcome::{BeginUpload, StoreOutcome, UploadOutcome},
};
use crate::ShopError;

/// How long WeChat's trade management may not know a new payment, ms. After this time the refusal is final.
const UNKNOWN_WITHIN_MS: i64 = 60 * 60 * 1000;

impl Shipping {
    /// Reports this version of an order's delivery. Returns `true` if nothing is left to do, `false` if the job has to
    /// try again.
    ///
    /// # Errors
    /// [`ShopError::NoMiniProgram`] if the mini program is no longer configured, or a failing database. The job runs
    /// again.
    pub(crate) async fn report(&self, id: &OrderId, version: i64) -> Result<bool, ShopError> {
        let _turn = self.reporting.lock(id.as_str()).await;
        let report = self.store.delivery_report(id).await?.filter(|report| report.version == version);
        let Some(report) = report else { return Ok(true) };
        let attempt = self.store.attempt(&report.out_trade_no).await?.ok_or(ShopError::NotFound)?;
        if report.state != ReportState::Waiting {
            return match self.refresh(&report, &attempt).await {
                Ok(_) => Ok(true),
                Err(ShopError::WechatRefuses(error)) => {
                    tracing::warn!(order = %id, %error, "WeChat does not say how an order stands");
                    Ok(true)
                }
                Err(error) => Err(error),
            };
        }
        let order = self.store.order(id).await?.ok_or(ShopError::NotFound)?;
        if order.state == OrderState::Refunded {
            return self.end(&report, UploadOutcome::NotNeeded).await;
        }
        let (items, shipment) = (self.store.items(id).await?, self.store.shipment(id).await?);
        let delivery = self.store.delivery(id).await?;
        let info = match content(&order, &attempt, &items, shipment.as_ref(), delivery.as_ref()) {
            Ok(info) if report.is_split => info.in_split_mode(),
            Ok(info) => info,
            Err(invalid) => return self.end(&report, incomplete(invalid)).await,
        };
        let program = self.program()?;
        let upload = Upload {
            key: payment_key(&attempt),
            is_complete: shipment.is_none_or(|shipment| shipment.is_complete),
            info,
            waited_ms: self.clock.now_ms() - report.changed_ms,
        };
        let outcome = match self.run(program, &report, &upload).await? {
            Some(outcome) => outcome,
            None => return Ok(true),
        };
        self.end(&report, outcome).await
    }

    /// Asks WeChat about an order, and stores and returns its state.
    ///
    /// # Errors
    /// [`ShopError::NoMiniProgram`]; [`ShopError::WechatBusy`] or [`ShopError::WechatRefuses`] if the call fails; a
    /// failing database.
    pub(super) async fn refresh(
        &self,
        report: &DeliveryReportRecord,
        attempt: &AttemptRecord,
    ) -> Result<WechatOrderState, ShopError> {
        let order = self.program()?.managed_order(&payment_key(attempt)).await?;
        let state = state_of(&order);
        self.end(report, UploadOutcome::Asked(state)).await?;
        Ok(state)
    }

    fn program(&self) -> Result<&MiniProgram, ShopError> {
        self.miniprogram.as_ref().ok_or(ShopError::NoMiniProgram)
    }

    /// Uploads the report. If an earlier upload has an unknown outcome, it asks WeChat first. Returns `None` if there
    /// is a newer version.
    async fn run(
        &self,
        program: &MiniProgram,
        report: &DeliveryReportRecord,
        upload: &Upload,
    ) -> Result<Option<UploadOutcome>, ShopError> {
        if report.is_unanswered {
            match program.managed_order(&upload.key).await {
                Ok(order) if upload.is_known(&order) => return Ok(Some(upload.accepted(&order))),
                Ok(_) => {}
                Err(error) if error.is_payment_unknown() => {}
                Err(error) => return Ok(Some(later(&error, true))),
            }
        }
        let begin = BeginUpload {
            id: report.order_id.clone(),
            version: report.version,
            is_split: upload.info.is_split(),
            now_ms: self.clock.now_ms(),
        };
        let Some(upload_ms) = self.store.write(begin).await? else { return Ok(None) };
        let error = match program.upload_shipping_info(&upload.info, upload_ms).await {
            Ok(()) => {
                // the state is only for the console, so a failure here does not matter
                let state = program.managed_order(&upload.key).await.map(|order| state_of(&order));
                let state = state.unwrap_or(WechatOrderState::Unknown);
                return Ok(Some(UploadOutcome::Accepted { is_complete: upload.is_complete, state }));
            }
            Err(error) => error,
        };
        Ok(Some(match Failure::of(&error, upload.waited_ms) {
            Failure::NotSent => later(&error, false),
            Failure::Unanswered => later(&error, true),
            Failure::Refused => match program.managed_order(&upload.key).await {
                Ok(order) if upload.is_known(&order) => upload.accepted(&order),
                Ok(order) if order.state == ManagedOrderState::Refunded => UploadOutcome::NotNeeded,
                order => refused(&error, order.map_or(WechatOrderState::Unknown, |order| state_of(&order))),
            },
        }))
    }

    /// Stores the outcome. Returns whether the job is done.
    async fn end(&self, report: &DeliveryReportRecord, outcome: UploadOutcome) -> Result<bool, ShopError> {
        if let UploadOutcome::Refused { code, message, .. } = &outcome {
            tracing::error!(
                alert = "delivery_report_refused", order = %report.order_id, code, message,
                "WeChat refuses the report of a delivery: the order's page in the console says what to do"
            );
        }
        let done = !matches!(outcome, UploadOutcome::Later { .. });
        let store = StoreOutcome {
            id: report.order_id.clone(),
            version: report.version,
            outcome,
            now_ms: self.clock.now_ms(),
        };
        self.store.write(store).await?;
        Ok(done)
    }
}

/// One upload of a report.
struct Upload {
    key: PaymentKey,
    info: ShippingInfo,
    is_complete: bool,
    /// How long the report has waited, ms.
    waited_ms: i64,
}

impl Upload {
    /// Whether WeChat already has the content of this upload.
    fn is_known(&self, order: &ManagedOrder) -> bool {
        order.shipping.as_ref().is_some_and(|shipping| shipping.is_report_of(&self.info))
    }

    fn accepted(&self, order: &ManagedOrder) -> UploadOutcome {
        UploadOutcome::Accepted { is_complete: self.is_complete, state: state_of(order) }
    }
}

/// The meaning of a failed upload.
enum Failure {
    /// WeChat did not take it, but may take it later.
    NotSent,
    /// The shop does not know whether WeChat took it.
    Unanswered,
    /// WeChat refused it.
    Refused,
}

impl Failure {
    fn of(error: &wechat::Error, waited_ms: i64) -> Self {
        // the call for the access token failed, so nothing was uploaded
        if error.endpoint() != UPLOAD {
            return Self::NotSent;
        }
        match error.code() {
            // 系统错误 (system error): WeChat may have stored the report
            Some("-1" | "10060012" | "10060019") => Self::Unanswered,
            Some(_) if error.is_token_invalid() => Self::NotSent,
            // the quota or the frequency limit is reached, or the shop's clock is behind WeChat's
            Some("45009" | "45011" | "268485216") => Self::NotSent,
            Some(_) if error.is_payment_unknown() && waited_ms < UNKNOWN_WITHIN_MS => Self::NotSent,
            Some(_) => Self::Refused,
            None if error.is_unsent() => Self::NotSent,
            None => match error.kind() {
                ErrorKind::Configuration | ErrorKind::Store => Self::NotSent,
                _ => Self::Unanswered,
            },
        }
    }
}

/// The path of the upload call.
const UPLOAD: &str = "wxa/sec/order/upload_shipping_info";

fn later(error: &wechat::Error, is_unanswered: bool) -> UploadOutcome {
    tracing::warn!(%error, is_unanswered, "a delivery was not reported; the shop tries again");
    UploadOutcome::Later {
        code: error.code().unwrap_or_default().to_owned(),
        message: error.message().map_or_else(|| error.to_string(), str::to_owned),
        is_unanswered,
    }
}

fn refused(error: &wechat::Error, state: WechatOrderState) -> UploadOutcome {
    UploadOutcome::Refused {
        code: error.code().unwrap_or_default().to_owned(),
        message: error.message().unwrap_or_default().to_owned(),
        state,
    }
}

/// The outcome for a report that the shop cannot build. Its code is a word of the shop, not a number of WeChat.
fn incomplete(invalid: InvalidShippingInfo) -> UploadOutcome {
    let code = match invalid {
        InvalidShippingInfo::Company => "company",
        InvalidShippingInfo::Contact => "contact",
        _ => "content",
    };
    UploadOutcome::Refused {
        code: code.to_owned(),
        message: invalid.to_string(),
        state: WechatOrderState::Unknown,
    }
}

fn state_of(order: &ManagedOrder) -> WechatOrderState {
    match order.state {
        ManagedOrderState::Unshipped => WechatOrderState::Unshipped,
        ManagedOrderState::Shipped => WechatOrderState::Shipped,
        ManagedOrderState::Confirmed => WechatOrderState::Confirmed,
        ManagedOrderState::Done => WechatOrderState::Done,
        ManagedOrderState::Refunded => WechatOrderState::Refunded,
        ManagedOrderState::Settling => WechatOrderState::Settling,
        _ => WechatOrderState::Unknown,
    }
}
