//! Joins the openids of a person to one shopper. Accounts that are bound to the same open platform account return the
//! same unionid for a person.

use model::{OpenId, Shopper, UnionId, audit::AuditAction, record::AuditRecord};
use store::{Belongings, Command, Joined, ReadSet, UnitOfWork};

use crate::{Identity, ShopError};

/// The actor of a merge in the audit log.
const WHO: &str = "WeChat login";

impl Identity {
    /// The shopper of an openid: the openid itself, or the first openid of the person if a unionid has joined them.
    ///
    /// # Errors
    /// A failing database.
    pub async fn shopper_of(&self, openid: &OpenId) -> Result<Shopper, ShopError> {
        let known = self.store.known_openid(openid).await?;
        Ok(known.map_or_else(|| openid.clone(), |known| known.shopper).into())
    }

    /// Whether a login with consent would return the unionid of this openid of the official account for the first time.
    ///
    /// # Errors
    /// A failing database.
    pub async fn can_be_joined(&self, openid: &OpenId) -> Result<bool, ShopError> {
        if self.miniprogram.is_none() && self.website.is_none() {
            return Ok(false);
        }
        let known = self.store.known_openid(openid).await?;
        Ok(known.is_none() && self.store.tells_unionid(self.official.appid()).await?)
    }

    /// Joins an openid to the shopper with this unionid, if WeChat returned one. The caller has refused logins of
    /// preview pages (快照页), because their unionid is not real.
    pub(super) async fn join(
        &self,
        openid: &OpenId,
        appid: &str,
        unionid: Option<&str>,
    ) -> Result<(), ShopError> {
        let Some(unionid) = unionid.filter(|unionid| !unionid.is_empty()) else { return Ok(()) };
        let Ok(unionid) = unionid.parse::<UnionId>() else {
            tracing::warn!(%openid, appid, "WeChat gave a unionid of unknown form, which is not used");
            return Ok(());
        };
        let join = JoinShopper {
            openid: openid.clone(),
            appid: appid.to_owned(),
            unionid,
            audit: self.audit.record(WHO, AuditAction::MergeShoppers, ""),
        };
        match self.store.write(join).await? {
            Joined::First | Joined::Known => {}
            Joined::Merged(shopper, _) => tracing::info!(%openid, %shopper, "two shoppers are one person"),
            Joined::OtherUnionId => tracing::warn!(
                %openid,
                appid,
                "WeChat gave another unionid than before: the shopper stays. Was the account bound to another open platform account?"
            ),
        }
        Ok(())
    }
}

struct JoinShopper {
    openid: OpenId,
    appid: String,
    unionid: UnionId,
    /// The command adds the detail, because it depends on the rows that it reads.
    audit: AuditRecord,
}

impl Command for JoinShopper {
    type Reply = Joined;

    fn reads(&self, reads: &mut ReadSet) {
        reads.login(&self.openid, &self.unionid);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Joined {
        let joined = unit.join_shopper(&self.openid, &self.appid, &self.unionid, self.audit.at_ms);
        if let Joined::Merged(shopper, moved) = &joined {
            unit.record_audit(AuditRecord { detail: self.detail(shopper, *moved), ..self.audit.clone() });
        }
        joined
    }
}

impl JoinShopper {
    fn detail(&self, shopper: &OpenId, moved: Belongings) -> String {
        let Belongings { orders, cart_lines, addresses, balance } = moved;
        format!(
            "{} into {shopper}, orders {orders}, cart lines {cart_lines}, addresses {addresses}, balance {} fen",
            self.openid, balance.0
        )
    }
}
