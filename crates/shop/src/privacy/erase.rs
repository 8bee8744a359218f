//! The erasure of a shopper's data: by the shopper, or by staff with a reason. `store`'s `queries/erasure.rs` has the
//! statements.

use model::{OrderId, Shopper, audit::AuditAction, erasure::ErasureObstacle, record::AuditRecord};
use store::Erasure;

use super::{Privacy, ended_sessions::hash};
use crate::{Right, ShopError, Staff, ids::nonce, typed};

/// The lifetime of a shopper's session, seconds. The shop keeps the end of a session for the same time.
pub const SESSION_S: i64 = 30 * 86_400;

/// The maximum length of the reason that staff give, characters.
const LONGEST_REASON: usize = 200;

/// The actor in the audit log if the shopper erased the data.
const BY_SHOPPER: &str = "shopper";

impl Privacy {
    /// What has to end before the shop can erase a shopper's data. Empty if it can erase the data now.
    ///
    /// # Errors
    /// A failing database.
    pub async fn obstacles(&self, shopper: &Shopper) -> Result<Vec<ErasureObstacle>, ShopError> {
        Ok(self.store.erasure_obstacles(shopper).await?)
    }

    /// As [`Privacy::obstacles`], for the shopper who placed an order.
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

    /// Erases a shopper's data at the shopper's request. Orders stay, without name, telephone, address and openid. The
    /// shopper's sessions end.
    ///
    /// # Errors
    /// [`ShopError::NotErasable`] while there are obstacles; or a failing database.
    pub async fn erase(&self, shopper: &Shopper) -> Result<(), ShopError> {
        let audit = self.audit.record(BY_SHOPPER, AuditAction::ErasePersonalData, "asked by the shopper");
        self.erase_as(shopper, audit).await
    }

    /// As [`Privacy::erase`], for the shopper who placed an order. Staff must give a reason.
    ///
    /// # Errors
    /// As [`Privacy::erase`]; [`ShopError::NotAllowed`], [`ShopError::NotFound`], and [`ShopError::Invalid`] without a
    /// reason.
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
            new_owner: guest.map_err(|_| ShopError::Busy)?,
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
