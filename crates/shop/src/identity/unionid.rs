//! One person, one shopper: accounts that are bound to the same open platform account tell the same unionid of a person.

use model::{OpenId, Shopper, UnionId, audit::AuditAction, record::AuditRecord};
use store::{Belongings, Command, Joined, ReadSet, UnitOfWork};

use crate::{Identity, ShopError};

/// Who did it, in the audit log: no member of staff.
const WHO: &str = "WeChat login";

impl Identity {
    /// The shopper of an openid. It is the openid itself, until a login has told that the person is known by another openid.
    ///
    /// # Errors
    /// A failing database.
    pub async fn shopper_of(&self, openid: &OpenId) -> Result<Shopper, ShopError> {
        let known = self.store.known_openid(openid).await?;
        Ok(known.map_or_else(|| openid.clone(), |known| known.shopper).into())
    }

    /// Whether a login of this shopper of the official account with consent would tell a unionid for the first time.
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

    /// Joins an openid to the shopper with this unionid, if WeChat told one. The unionid of a preview page is virtual, so the
    /// caller has refused such a login.
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
    /// Its detail is written when the rows are known.
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
