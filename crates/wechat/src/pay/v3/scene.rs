use serde::Serialize;

use super::Trade;

/// The circumstances of a payment.
///
/// ```
/// use wechat::pay::v3::{SceneInfo, StoreInfo};
///
/// let mut scene = SceneInfo::new("203.0.113.7");
/// scene.store_info = Some(StoreInfo { id: "7".into(), name: None, area_code: None, address: None });
/// assert_eq!((&*scene.payer_client_ip, &scene.device_id), ("203.0.113.7", &None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneInfo {
    /// The payer's IP address, v4 or v6.
    pub payer_client_ip: String,
    /// The terminal's number, at most 32 characters.
    pub device_id: Option<String>,
    /// The store in which the shopper pays.
    pub store_info: Option<StoreInfo>,
}

impl SceneInfo {
    /// A scene with the payer's IP address.
    #[must_use]
    pub fn new(payer_client_ip: impl Into<String>) -> Self {
        Self { payer_client_ip: payer_client_ip.into(), device_id: None, store_info: None }
    }
}

/// A store with a street address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreInfo {
    /// The merchant's number of the store, at most 32 characters.
    pub id: String,
    /// The name of the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// WeChat's code of the area in which the store is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_code: Option<String>,
    /// The street address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// The page or app that starts an H5 payment.
///
/// ```
/// assert_eq!(wechat::pay::v3::H5Info::wap().kind, "Wap");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct H5Info {
    /// `iOS`, `Android` or `Wap`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// The address of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_url: Option<String>,
    /// The bundle id on iOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<String>,
    /// The package name on Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_name: Option<String>,
}

impl H5Info {
    /// The value for a web page.
    #[must_use]
    pub fn wap() -> Self {
        Self { kind: "Wap".into(), app_name: None, app_url: None, bundle_id: None, package_name: None }
    }
}

/// The scene in a request. Only H5 has `h5_info`.
#[derive(Serialize)]
pub(super) struct Scene<'a> {
    payer_client_ip: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_info: Option<&'a StoreInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    h5_info: Option<&'a H5Info>,
}

impl<'a> Scene<'a> {
    /// The scene of an order, if it has one. H5 always has one.
    pub(super) fn of(trade: &'a Trade, info: Option<&'a SceneInfo>) -> Option<Self> {
        let (payer_client_ip, h5_info) = match trade {
            Trade::H5 { payer_client_ip, h5_info } => (&**payer_client_ip, Some(h5_info)),
            _ => (&*info?.payer_client_ip, None),
        };
        Some(Self {
            payer_client_ip,
            device_id: info.and_then(|info| info.device_id.as_deref()),
            store_info: info.and_then(|info| info.store_info.as_ref()),
            h5_info,
        })
    }
}
