//! The pages on which carriers show where a parcel is.

use model::record::ParcelRecord;

use super::carriers::suggested;

/// The URL of the carrier's page for this parcel. `None` if the shop knows no stable URL that works without a login.
#[must_use]
pub fn query_page(parcel: &ParcelRecord) -> Option<String> {
    let number = &parcel.tracking_no;
    // the number becomes a part of the URL, so it must contain no special characters
    let is_plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let known = if parcel.company_id.is_empty() { &parcel.carrier } else { &parcel.company_id };
    let carrier = suggested(known).filter(|_| is_plain)?;
    match carrier.id {
        "SF" => Some(format!("https://www.sf-express.com/chn/sc/waybill/waybill-detail/{number}")),
        "ZTO" => Some(format!("https://www.zto.com/express/expressCheck.html?txtBill={number}")),
        "JD" => Some(format!("https://www.jdl.com/orderSearch/?waybillCodes={number}")),
        "EMS" | "YZPY" => Some(format!("https://www.ems.com.cn/queryList?mailNum={number}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(company_id: &str, carrier: &str, tracking_no: &str) -> Option<String> {
        query_page(&ParcelRecord {
            order_id: "1".parse().unwrap(),
            position: 1,
            carrier: carrier.to_owned(),
            company_id: company_id.to_owned(),
            tracking_no: tracking_no.to_owned(),
            who: String::new(),
            shipped_ms: 0,
        })
    }

    #[test]
    fn only_a_known_carrier_has_a_page_and_a_number_cannot_leave_its_place() {
        assert!(page("SF", "顺丰速运", "SF1234").unwrap().ends_with("/SF1234"));
        assert!(page("", "中通", "7300").unwrap().starts_with("https://www.zto.com/"));
        assert_eq!(page("", "隔壁老王", "1"), None);
        assert_eq!(page("SF", "顺丰速运", "1/../?a=b"), None);
    }
}
