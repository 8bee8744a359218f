//! Finds carriers by what staff type. A delivery report needs the carrier's id in WeChat's list, which has more than a
//! thousand carriers.

use model::record::DeliveryCompanyRecord;
use wechat::miniprogram::{MiniProgram, shipping::DeliveryCompany};

use super::Shipping;
use crate::{Right, ShopError, Staff, clock::DAY_MS, typed};

/// A carrier that the console suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its id in WeChat's list (`delivery_id`).
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Other names that people use.
    aliases: &'static [&'static str],
}

const fn carrier(id: &'static str, name: &'static str, aliases: &'static [&'static str]) -> Carrier {
    Carrier { id, name, aliases }
}

/// The carriers that the console suggests. The ids are from WeChat's `get_delivery_list` (docs/wechat-protocol-2.md,
/// 1.6).
pub const CARRIERS: [Carrier; 12] = [
    carrier("SF", "顺丰速运", &["顺丰", "顺丰快递"]),
    carrier("ZTO", "中通快递", &["中通"]),
    carrier("YTO", "圆通速递", &["圆通", "圆通快递"]),
    carrier("STO", "申通快递", &["申通"]),
    carrier("YD", "韵达速递", &["韵达", "韵达快递"]),
    carrier("JTSD", "极兔速递", &["极兔", "极兔快递"]),
    carrier("JD", "京东物流", &["京东", "京东快递"]),
    carrier("EMS", "EMS", &["邮政 EMS", "邮政EMS", "邮政特快专递"]),
    carrier("YZPY", "邮政快递包裹", &["邮政", "邮政快递", "中国邮政"]),
    carrier("DBL", "德邦快递", &["德邦"]),
    carrier("HTKY", "百世快递", &["百世"]),
    carrier("ZJS", "宅急送", &[]),
];

impl Shipping {
    /// The full name of the carrier that staff typed, or the typed text if the shop does not know the carrier.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] for a single character that is not a carrier; or a failing
    /// database.
    pub async fn carrier_name(&self, staff: &Staff, typed: &str) -> Result<String, ShopError> {
        staff.check(Right::Ship)?;
        let typed = typed::line(typed);
        let name = full_name(&self.store.delivery_companies().await?, &typed);
        if name.is_none() && typed.chars().count() == 1 {
            return Err(ShopError::invalid(
                "请写全快递公司的名称，例如“顺丰速运”，或从列表中选择",
                "Please write the whole name of the carrier, such as 顺丰速运, or choose one of the list.",
            ));
        }
        Ok(name.unwrap_or(typed))
    }

    /// The id and the name of the carrier that a person typed. If the cached list lacks the carrier and is a day old,
    /// the shop reads the list from WeChat again.
    pub(super) async fn find_carrier(
        &self,
        program: &MiniProgram,
        typed: &str,
    ) -> Result<(String, String), ShopError> {
        let mut known = self.store.delivery_companies().await?;
        if let Some(found) = find(&known, typed) {
            return Ok(found);
        }
        let now_ms = self.clock.now_ms();
        let is_recent = known.first().is_some_and(|one| now_ms - one.read_ms < DAY_MS);
        if !is_recent {
            match program.delivery_companies().await {
                Ok(companies) => {
                    let record = |one: DeliveryCompany| DeliveryCompanyRecord {
                        id: one.delivery_id,
                        name: one.delivery_name,
                        read_ms: now_ms,
                    };
                    known = companies.into_iter().map(record).collect();
                    self.store.replace_delivery_companies(known.clone()).await?;
                }
                Err(error) => {
                    tracing::warn!(%error, "the carriers cannot be read from WeChat");
                    // the shop knows the ids of the suggested carriers without the list
                    return suggested(typed)
                        .map(|carrier| (carrier.id.to_owned(), carrier.name.to_owned()))
                        .ok_or_else(|| ShopError::of_account(error));
                }
            }
        }
        find(&known, typed).ok_or(ShopError::invalid(
            "微信没有这家快递公司，请从列表中选择，或填写微信的快递公司编码（例如 SF）",
            "WeChat does not know this carrier. Please choose one of the list, or enter its id at WeChat, such as SF.",
        ))
    }
}

/// Finds a suggested carrier by its id, its name or another name.
pub(super) fn suggested(typed: &str) -> Option<&'static Carrier> {
    CARRIERS.iter().find(|carrier| {
        carrier.id.eq_ignore_ascii_case(typed) || carrier.name == typed || carrier.aliases.contains(&typed)
    })
}

/// The full name of a carrier, suggested or in WeChat's list. The beginning of a name is enough if no other name begins
/// with it.
pub(super) fn full_name(known: &[DeliveryCompanyRecord], typed: &str) -> Option<String> {
    if typed.is_empty() {
        return None;
    }
    if let Some(carrier) = suggested(typed) {
        return Some(carrier.name.to_owned());
    }
    let exact = known.iter().find(|one| one.id.eq_ignore_ascii_case(typed) || one.name == typed);
    if let Some(found) = exact {
        return Some(found.name.clone());
    }
    let ours = CARRIERS
        .iter()
        .filter(|carrier| carrier.name.starts_with(typed))
        .map(|carrier| carrier.name.to_owned());
    // suggested carriers are also in WeChat's list
    let is_other = |one: &&DeliveryCompanyRecord| CARRIERS.iter().all(|carrier| carrier.id != one.id);
    let others = known.iter().filter(is_other).filter(|one| one.name.starts_with(typed));
    let mut found = ours.chain(others.map(|one| one.name.clone()));
    found.next().filter(|_| found.next().is_none())
}

/// Finds a carrier in WeChat's list, by its id, its name, another name, or the beginning of only one name. Returns its
/// id and name.
pub(super) fn find(known: &[DeliveryCompanyRecord], typed: &str) -> Option<(String, String)> {
    let exact = known.iter().find(|one| one.id.eq_ignore_ascii_case(typed) || one.name == typed);
    let by_alias = || suggested(typed).and_then(|carrier| known.iter().find(|one| one.id == carrier.id));
    let by_beginning = || {
        let mut found = known.iter().filter(|one| one.name.starts_with(typed));
        found.next().filter(|_| found.next().is_none())
    };
    let found = exact.or_else(by_alias).or_else(by_beginning)?;
    Some((found.id.clone(), found.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_is_found_by_what_people_type() {
        let known = [("SF", "顺丰速运"), ("ZTO", "中通快递"), ("ZTOKY", "中通快运"), ("ANE", "安能物流")]
            .map(|(id, name)| DeliveryCompanyRecord { id: id.to_owned(), name: name.to_owned(), read_ms: 0 });
        let id = |typed: &str| find(&known, typed).map(|(id, _)| id);
        for (typed, expected) in [
            ("SF", Some("SF")),
            ("sf", Some("SF")),
            ("顺丰", Some("SF")),
            ("顺丰速运", Some("SF")),
            ("中通", Some("ZTO")),
            ("中通快运", Some("ZTOKY")),
            ("安能", Some("ANE")),
            // two names begin with it
            ("中通快", None),
            ("飞毛腿", None),
            // a suggested carrier that is not in WeChat's list
            ("圆通", None),
        ] {
            assert_eq!(id(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn a_beginning_that_one_carrier_has_is_its_name() {
        let known = [("SF", "顺丰速运"), ("ZTOKY", "中通快运"), ("SJFD", "顺捷丰达")]
            .map(|(id, name)| DeliveryCompanyRecord { id: id.to_owned(), name: name.to_owned(), read_ms: 0 });
        for (typed, without_list, with_list) in [
            ("顺", Some("顺丰速运"), None),
            ("顺丰", Some("顺丰速运"), Some("顺丰速运")),
            ("sf", Some("顺丰速运"), Some("顺丰速运")),
            ("顺丰速", Some("顺丰速运"), Some("顺丰速运")),
            ("中通快", Some("中通快递"), None),
            ("中通快运", None, Some("中通快运")),
            ("邮政", Some("邮政快递包裹"), Some("邮政快递包裹")),
            ("飞", None, None),
            ("", None, None),
        ] {
            assert_eq!(full_name(&[], typed).as_deref(), without_list, "{typed}");
            assert_eq!(full_name(&known, typed).as_deref(), with_list, "{typed}");
        }
    }
}
