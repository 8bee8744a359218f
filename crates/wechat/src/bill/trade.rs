use super::{
    BillError, UnreadableRow,
    reader::Reader,
    table::{Table, check_partly_read, decode},
    unpack,
};
use crate::pay::v2::{TradeState, TradeType};

/// The payments and refunds of one day.
///
/// ```
/// use wechat::bill::TradeBill;
///
/// let file = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,\
///     付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,\
///     商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n\
///     `2026-01-01 12:00:00,`wx1,`10000100,`0,`,`4200,`20260101000001,`oUpF,`JSAPI,`SUCCESS,`OTHERS,`CNY,`19.90,`0.00,\
///     `0,`0,`0.00,`0.00,`,`,`tea, green,`,`0.11940,`0.60%,`19.90,`0.00,`\r\n\
///     总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
///     `1,`19.90,`0.00,`0.00,`0.11940,`19.90,`0.00\r\n";
/// let bill = TradeBill::parse(file.as_bytes())?;
/// assert_eq!((bill.rows[0].order_fee, &*bill.rows[0].body), (1990, "tea, green"));
/// assert_eq!(bill.summary.order_fee, Some(1990));
/// # Ok::<(), wechat::bill::BillError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeBill {
    /// Payments and refunds. A refund has its own row.
    pub rows: Vec<Trade>,
    /// Rows that cannot be read. Use the other rows, and show the unreadable ones to a person.
    pub unreadable: Vec<UnreadableRow>,
    /// The sums of the whole bill. They match `rows` if `unreadable` is empty.
    pub summary: TradeSummary,
}

/// A payment or a refund. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trade {
    /// When the shopper paid, or when the merchant requested the refund: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai; see
    /// [`crate::time::parse_v2_date_time`].
    pub time: String,
    /// The `appid` of the payment. It is empty if the payment has none.
    pub appid: String,
    /// The merchant; in partner mode the provider.
    pub mch_id: String,
    /// In partner mode: the merchant for whom the provider placed the order, 特约商户号.
    pub sub_mch_id: Option<String>,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the order.
    pub out_trade_no: String,
    /// The payer's openid. It may be empty.
    pub openid: String,
    /// How the payment was started.
    pub trade_type: TradeType,
    /// [`TradeState::Success`] for a payment, [`TradeState::Refund`] for a refund, [`TradeState::Revoked`] for a
    /// reversal.
    pub trade_state: TradeState,
    /// WeChat's code of the payer's bank: `OTHERS` if WeChat does not name it.
    pub bank_type: String,
    /// The currency: `CNY`.
    pub fee_type: String,
    /// The settled amount of the order: 应结订单金额, formerly 总金额. It is zero in the row of a refund.
    pub settlement_fee: i64,
    /// The amount of the coupons: 代金券金额.
    pub coupon_fee: i64,
    /// The amount of the order: 订单金额. If the bill has no such column, this is the settled amount.
    pub order_fee: i64,
    /// The refund, in the row of a refund.
    pub refund: Option<TradeRefund>,
    /// The name of the goods: 商品名称.
    pub body: String,
    /// The `attach` text of the order: 商户数据包.
    pub attach: String,
    /// The fee in hundred-thousandths of a yuan: 手续费. It is negative if WeChat returns the fee.
    pub fee: i64,
    /// The rate as WeChat sent it: `0.60%`.
    pub rate: String,
}

/// The columns of a refund. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeRefund {
    /// WeChat's number of the refund.
    pub refund_id: String,
    /// The shop's number of the refund.
    pub out_refund_no: String,
    /// The amount that the merchant pays: 退款金额.
    pub refund_fee: i64,
    /// The amount that went back to bought coupons: 充值券退款金额.
    pub coupon_refund_fee: i64,
    /// The requested amount: 申请退款金额. Older bills do not have it.
    pub applied_refund_fee: Option<i64>,
    /// Where the money goes: `ORIGINAL` or `BALANCE` (退款类型).
    pub kind: String,
    /// The state of the refund: `SUCCESS`, `FAIL` or `PROCESSING` (退款状态).
    pub status: String,
}

/// The sums of a trade bill. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeSummary {
    /// The number of rows.
    pub count: usize,
    /// The settled amount of all orders.
    pub settlement_fee: i64,
    /// The amount that the merchant pays for all refunds. It is 0 in a bill with payments only.
    pub refund_fee: i64,
    /// All fees, in hundred-thousandths of a yuan.
    pub fee: i64,
    /// The amount of all orders. Older bills do not have it.
    pub order_fee: Option<i64>,
    /// The requested amount of all refunds. Older bills do not have it.
    pub applied_refund_fee: Option<i64>,
}

const NAMES: [&str; 26] = [
    "交易时间",
    "公众账号ID",
    "商户号",
    "微信订单号",
    "商户订单号",
    "用户标识",
    "交易类型",
    "交易状态",
    "付款银行",
    "货币种类",
    "应结订单金额",
    "代金券金额",
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "充值券退款金额",
    "退款类型",
    "退款状态",
    "商品名称",
    "商户数据包",
    "手续费",
    "费率",
    "订单金额",
    "申请退款金额",
    "费率备注",
    "特约商户号",
];

/// The other names of a column, in older bills: its position in [`NAMES`], and the name.
const OLDER: [(usize, &str); 7] = [
    (10, "总金额"),
    (11, "企业红包金额"),
    (11, "代金券或立减优惠金额"),
    (15, "企业红包退款金额"),
    (15, "代金券或立减优惠退款金额"),
    (1, "公众账号id"),
    (25, "子商户号"),
];

const SUMMARY_NAMES: [&str; 6] =
    ["总交易单数", "应结订单总金额", "退款总金额", "手续费总金额", "订单总金额", "申请退款总金额"];

impl TradeBill {
    /// Reads the file, compressed with gzip or not. Finds the columns by their names, so a bill may have additional
    /// columns, and an older bill may have fewer.
    ///
    /// ```
    /// use wechat::bill::TradeBill;
    ///
    /// let file = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,\
    ///     代金券金额,商品名称,商户数据包,手续费,费率,订单金额
    /// `2026-01-01 12:00:00,`wx1,`1900000109,`42,`S1,`oUpF8u,`JSAPI,`SUCCESS,`OTHERS,`CNY,`19.90,`0.00,`Tea,`,`0.11940,`0.60%,`19.90
    /// 总交易单数,应结订单总金额,退款总金额,手续费总金额,订单总金额
    /// `1,`19.90,`0.00,`0.11940,`19.90";
    /// let bill = TradeBill::parse(file.as_bytes())?;
    /// let row = &bill.rows[0];
    /// assert_eq!((row.order_fee, row.fee, &row.refund), (1990, 11_940, &None)); // fen, and hundred-thousandths of a yuan
    /// assert!(TradeBill::parse(file.replace("`1,`19.90", "`1,`19.91").as_bytes()).is_err()); // it adds up
    /// # Ok::<(), wechat::bill::BillError>(())
    /// ```
    ///
    /// # Errors
    /// [`BillError`] says what is wrong and where; [`BillError::Sum`] if the summary does not match the rows.
    pub fn parse(file: &[u8]) -> Result<Self, BillError> {
        let file = unpack(file)?;
        let text = decode(&file)?;
        let table = Table::read(&text)?;
        let names: [Vec<&str>; 26] = std::array::from_fn(|n| {
            let older = OLDER.iter().filter(|(at, _)| *at == n).map(|(_, name)| *name);
            std::iter::once(NAMES[n]).chain(older).collect()
        });
        let columns = table.columns(std::array::from_fn::<&[&str], 26, _>(|n| &names[n]));
        let (rows, unreadable) =
            table.rows(|row| Trade::read(&Reader { columns: &columns, names: &NAMES, row }))?;
        let columns = table.summary_columns([
            &["总交易单数"],
            &["应结订单总金额", "总交易额", "总金额"],
            &["退款总金额", "总退款金额"],
            &["手续费总金额"],
            &["订单总金额"],
            &["申请退款总金额"],
        ]);
        let reader = Reader { columns: &columns, names: &SUMMARY_NAMES, row: &table.summary()? };
        let summary = TradeSummary {
            count: reader.count(0)?,
            settlement_fee: reader.fen(1)?,
            // a bill with payments only has no sum of refunds
            refund_fee: reader.optional_fen(2)?.unwrap_or(0),
            fee: reader.fee(3)?,
            order_fee: reader.optional_fen(4)?,
            applied_refund_fee: reader.optional_fen(5)?,
        };
        let bill = Self { rows, unreadable, summary };
        bill.check()?;
        Ok(bill)
    }

    /// The sums do not match if the bill was cut off or if this crate reads it wrongly.
    fn check(&self) -> Result<(), BillError> {
        let Self { rows, unreadable, summary } = self;
        if !unreadable.is_empty() {
            return check_partly_read(rows.len(), summary.count, "总交易单数");
        }
        if rows.len() != summary.count {
            return Err(BillError::Sum("总交易单数"));
        }
        // a sum that overflows matches no summary
        let sum =
            |of: &dyn Fn(&Trade) -> i64| rows.iter().try_fold(0_i64, |sum, row| sum.checked_add(of(row)));
        let refund = |row: &Trade, of: &dyn Fn(&TradeRefund) -> i64| row.refund.as_ref().map_or(0, of);
        let applied = |row: &Trade| refund(row, &|refund| refund.applied_refund_fee.unwrap_or(0));
        for (name, stated, summed) in [
            ("应结订单总金额", Some(summary.settlement_fee), sum(&|row| row.settlement_fee)),
            ("退款总金额", Some(summary.refund_fee), sum(&|row| refund(row, &|refund| refund.refund_fee))),
            ("手续费总金额", Some(summary.fee), sum(&|row| row.fee)),
            ("订单总金额", summary.order_fee, sum(&|row| row.order_fee)),
            ("申请退款总金额", summary.applied_refund_fee, sum(&applied)),
        ] {
            if stated.is_some() && stated != summed {
                return Err(BillError::Sum(name));
            }
        }
        Ok(())
    }
}

impl Trade {
    fn read(row: &Reader<'_, '_, 26>) -> Result<Self, BillError> {
        let settlement_fee = row.fen(10)?;
        // a bill with payments only has no columns for refunds
        let refund = match (row.optional(12), row.optional(13)) {
            (None, None) => None,
            _ => Some(TradeRefund {
                refund_id: row.required(12)?,
                out_refund_no: row.required(13)?,
                refund_fee: row.fen(14)?,
                coupon_refund_fee: row.optional_fen(15)?.unwrap_or(0),
                applied_refund_fee: row.optional_fen(23)?,
                kind: row.text(16).unwrap_or_default().to_owned(),
                status: row.text(17).unwrap_or_default().to_owned(),
            }),
        };
        Ok(Self {
            time: row.required(0)?,
            // another program may take payments without an appid
            appid: row.text(1)?.to_owned(),
            mch_id: row.required(2)?,
            sub_mch_id: row.optional(25),
            transaction_id: row.required(3)?,
            out_trade_no: row.required(4)?,
            openid: row.text(5)?.to_owned(),
            trade_type: TradeType::from(&*row.required(6)?),
            trade_state: TradeState::from(&*row.required(7)?),
            bank_type: row.text(8)?.to_owned(),
            fee_type: row.required(9)?,
            settlement_fee,
            coupon_fee: row.optional_fen(11)?.unwrap_or(0),
            order_fee: row.optional_fen(22)?.unwrap_or(settlement_fee),
            refund,
            body: row.text(18)?.to_owned(),
            attach: row.text(19)?.to_owned(),
            fee: row.fee(20)?,
            rate: row.text(21)?.to_owned(),
        })
    }
}
