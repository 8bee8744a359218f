//! The refusals of trade management. WeChat adds a hint and a number to the text.

use crate::login::ApiError;

/// A code and its documented text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) i64, pub(super) &'static str);

pub(super) const UNKNOWN_PAYMENT: Refusal = Refusal(10_060_001, "支付单不存在");
pub(super) const COMPLETE: Refusal = Refusal(10_060_002, "支付单已完成发货，无法继续发货");
pub(super) const REPEATED: Refusal = Refusal(10_060_003, "支付单已使用重新发货机会");
pub(super) const WRONG_STATE: Refusal = Refusal(10_060_004, "支付单处于不可发货的状态");
pub(super) const LOGISTICS_TYPE: Refusal = Refusal(10_060_005, "物流类型有误");
pub(super) const SPLIT_WITHOUT_EXPRESS: Refusal = Refusal(10_060_006, "非快递发货时不允许分拆发货");
pub(super) const ALL_DELIVERED_MISSING: Refusal =
    Refusal(10_060_007, "分拆发货模式下必须填写 is_all_delivered 字段");
pub(super) const DESCRIPTION_MISSING: Refusal = Refusal(10_060_008, "商品描述 item_desc 字段不能为空");
pub(super) const DESCRIPTION_TOO_LONG: Refusal = Refusal(10_060_009, "商品描述 item_desc 字段太长");
pub(super) const DUPLICATE_PART: Refusal = Refusal(10_060_013, "子单单号重复");
pub(super) const ARGUMENTS: Refusal = Refusal(10_060_014, "参数错误");
pub(super) const NOT_CHANGED: Refusal = Refusal(10_060_023, "发货信息未更新");
pub(super) const TOO_MANY_PARCELS: Refusal = Refusal(10_060_024, "物流信息列表太长");
pub(super) const COMPANY_TOO_LONG: Refusal = Refusal(10_060_025, "物流公司编码太长");
pub(super) const NUMBER_TOO_LONG: Refusal = Refusal(10_060_026, "物流单号太长");
pub(super) const NOT_SHIPPED: Refusal = Refusal(10_060_028, "支付单不是已发货状态");
pub(super) const RECEIVED_TIME: Refusal = Refusal(10_060_029, "签收时间非法");
pub(super) const REMINDED: Refusal = Refusal(10_060_030, "支付单已使用提醒收货机会");
pub(super) const OTHER_PAYER: Refusal = Refusal(10_060_031, "该笔支付单不属于 openid 所指定的用户");
pub(super) const NOT_EXPRESS: Refusal = Refusal(10_060_032, "只有物流快递发货时允许提醒用户确认收货");
pub(super) const NUMBER_TYPE: Refusal = Refusal(268_485_194, "订单单号类型非法");
pub(super) const TRANSACTION_ID_MISSING: Refusal = Refusal(268_485_195, "transaction_id 不能为空");
pub(super) const MCHID_MISSING: Refusal = Refusal(268_485_196, "mchid 不能为空");
pub(super) const OUT_TRADE_NO_MISSING: Refusal = Refusal(268_485_197, "out_trade_no 不能为空");
pub(super) const UPLOAD_TIME: Refusal = Refusal(268_485_216, "上传时间非法，请按照 RFC 3339 格式填写");
pub(super) const DELIVERY_MODE: Refusal = Refusal(268_485_224, "发货模式非法");
pub(super) const NUMBER_MISSING: Refusal = Refusal(268_485_226, "物流单号不能为空");
pub(super) const COMPANY_MISSING: Refusal = Refusal(268_485_227, "物流公司编码不能为空");
pub(super) const ONE_PARCEL: Refusal = Refusal(268_485_228, "统一发货模式下，物流信息列表长度必须为 1");
pub(super) const OTHER_NUMBER_TYPE: Refusal = Refusal(268_485_253, "子单单号类型与主单不一致");

impl From<Refusal> for ApiError {
    fn from(Refusal(code, text): Refusal) -> Self {
        Self::of_trade_management(code, text)
    }
}
