//! The erasure of a shopper's data: the shopper asks for it, or staff with a reason.

use model::{OrderId, Shopper, audit::AuditAction, erasure::ErasureObstacle, record::AuditRecord};
use store::Erasure;

use super::{Privacy, ended_sessions::hash};
use crate::{Right, ShopError, Staff, ids::nonce, typed};

/// How long a shopper's session lives, seconds. The end of a session is remembered for the same time.
pub const SESSION_S: i64 = 30 * 86_400;

/// The longest reason of staff, characters.
const LONGEST_REASON: usize = 200;

/// Who erased the data, in the audit, if the shopper did it.
const BY_SHOPPER: &str = "shopper";

impl Privacy {
    /// What has to end before the data of a shopper can be erased; nothing if it can be erased now.
    ///
    /// # Errors
    /// A failing database.
    pub async fn obstacles(&self, shopper: &Shopper) -> Result<Vec<ErasureObstacle>, ShopError> {
        Ok(self.store.erasure_obstacles(shopper).await?)
    }

    /// The same for the shopper who placed an order, for staff.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::NotFound`], or a failing database.
    pub async fn obstacles_of_order(
        &self,
        staff: &Staff,
        id: &OrderId,
    ) -> Result<Vec<ErasureObstacle>, ShopError> {
        staff.check(Right::Privacy)?;
        self.obstacles(&self.shopper_of(id).await?).await
    }

    /// Erases the data of a shopper who asks for it. Orders stay, without name, telephone, address and openid. The shopper's
    /// sessions end.
    ///
    /// # Errors
    /// [`ShopError::NotErasable`] while something stands in the way; or a failing database.
    pub async fn erase(&self, shopper: &Shopper) -> Result<(), ShopError> {
        let audit = self.audit.record(BY_SHOPPER, AuditAction::ErasePersonalData, "asked by the shopper");
        self.erase_as(shopper, audit).await
    }

    /// Erases the data of the shopper who placed an order, for a reason.
    ///
    /// # Errors
    /// As [`Privacy::erase`]; [`ShopError::NotAllowed`], [`ShopError::NotFound`], and [`ShopError::Invalid`] without a reason.
    pub async fn erase_by_staff(&self, staff: &Staff, id: &OrderId, reason: &str) -> Result<(), ShopError> {
        staff.check(Right::Privacy)?;
        let reason = typed::lines(reason);
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(ShopError::invalid(
                "请填写原因，最多 200 个字",
                "Please enter the reason, at most 200 letters.",
            ));
        }
        let detail = format!("{id}: {reason}");
        let audit = self.audit.record(staff.name.as_str(), AuditAction::ErasePersonalData, detail);
        self.erase_as(&self.shopper_of(id).await?, audit).await
    }

    async fn erase_as(&self, shopper: &Shopper, audit: AuditRecord) -> Result<(), ShopError> {
        let guest = nonce(&*self.ids).parse().map(Shopper::Guest);
        let openids = self.store.openids_of(shopper).await?;
        let erasure = Erasure {
            openids: openids.into_iter().map(|openid| (openid.clone(), hash(&openid))).collect(),
            shopper: shopper.clone(),
            nobody: guest.map_err(|_| ShopError::Busy)?,
            sessions_before_s: self.clock.now_ms().div_euclid(1000),
            keep_s: SESSION_S,
            audit,
        };
        if !self.store.erase(erasure).await?.is_empty() {
            return Err(ShopError::NotErasable);
        }
        Ok(self.refresh_ended_sessions().await?)
    }
}
