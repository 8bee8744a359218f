use super::{
    BillError, UnreadableRow,
    reader::Reader,
    table::{Table, check_partly_read, decode},
    unpack,
};

/// The changes of an account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FundFlowBill {
    /// Ordered by time.
    pub rows: Vec<FundFlow>,
    /// Rows that cannot be read. Use the other rows, and show the unreadable ones to a person.
    pub unreadable: Vec<UnreadableRow>,
    /// The sums of the whole bill. They match `rows` if `unreadable` is empty.
    pub summary: FlowSummary,
}

/// One change of an account. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FundFlow {
    /// When the change was booked: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai; see [`crate::time::parse_v2_date_time`].
    pub time: String,
    /// WeChat's number of the payment or refund.
    pub business_id: String,
    /// WeChat's number of this change.
    pub flow_id: String,
    /// The name of the change: 业务名称.
    pub name: String,
    /// The kind of the change: 业务类型.
    pub kind: String,
    /// Income or expense.
    pub direction: Direction,
    /// The amount, never negative: `direction` is its sign.
    pub amount: i64,
    /// The balance of the account after the change.
    pub balance: i64,
    /// Who requested the change: 资金变更提交申请人. It may be empty.
    pub applicant: String,
    /// A remark: 备注. It may be empty.
    pub remark: String,
    /// The number of the receipt: 业务凭证号. It may be empty.
    pub voucher: String,
}

/// The direction of a change: 收支类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Income: 收入.
    Income,
    /// Expense: 支出.
    Expense,
}

/// The sums of a fund-flow bill. Amounts are in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowSummary {
    /// The number of rows.
    pub count: usize,
    /// The number of rows with income.
    pub in_count: usize,
    /// The sum of all income.
    pub in_amount: i64,
    /// The number of rows with expenses.
    pub out_count: usize,
    /// The sum of all expenses.
    pub out_amount: i64,
}

const NAMES: [&str; 11] = [
    "记账时间",
    "微信支付业务单号",
    "资金流水单号",
    "业务名称",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "资金变更提交申请人",
    "备注",
    "业务凭证号",
];

const SUMMARY_NAMES: [&str; 5] = ["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"];

impl FundFlowBill {
    /// Reads the file, compressed with gzip or not. Finds the columns by their names.
    ///
    /// ```
    /// use wechat::bill::{Direction, FundFlowBill};
    ///
    /// let file = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,\
    ///     备注,业务凭证号
    /// `2026-01-01 12:00:00,`42,`1900,`交易,`交易,`收入,`19.90,`119.90,`system,`,`S1
    /// 资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
    /// `1,`1,`19.90,`0,`0.00";
    /// let bill = FundFlowBill::parse(file.as_bytes())?;
    /// let row = &bill.rows[0];
    /// assert_eq!((row.direction, row.amount, row.balance), (Direction::Income, 1990, 11_990));
    /// assert_eq!(bill.summary.in_amount, 1990);
    /// # Ok::<(), wechat::bill::BillError>(())
    /// ```
    ///
    /// # Errors
    /// [`BillError`] says what is wrong and where; [`BillError::Sum`] if the summary does not match the rows.
    pub fn parse(file: &[u8]) -> Result<Self, BillError> {
        let file = unpack(file)?;
        let text = decode(&file)?;
        let table = Table::read(&text)?;
        let columns = table.columns([
            &["记账时间"],
            &["微信支付业务单号"],
            &["资金流水单号"],
            &["业务名称"],
            &["业务类型"],
            &["收支类型"],
            &["收支金额(元)", "收支金额（元）", "收支金额"],
            &["账户结余(元)", "账户结余（元）", "账户结余"],
            &["资金变更提交申请人"],
            &["备注"],
            &["业务凭证号"],
        ]);
        let (rows, unreadable) =
            table.rows(|row| FundFlow::read(&Reader { columns: &columns, names: &NAMES, row }))?;
        let columns = table.summary_columns([
            &["资金流水总笔数"],
            &["收入笔数"],
            &["收入金额"],
            &["支出笔数"],
            &["支出金额"],
        ]);
        let reader = Reader { columns: &columns, names: &SUMMARY_NAMES, row: &table.summary()? };
        let summary = FlowSummary {
            count: reader.count(0)?,
            in_count: reader.count(1)?,
            in_amount: reader.fen(2)?,
            out_count: reader.count(3)?,
            out_amount: reader.fen(4)?,
        };
        let bill = Self { rows, unreadable, summary };
        bill.check()?;
        Ok(bill)
    }

    fn check(&self) -> Result<(), BillError> {
        let Self { rows, unreadable, summary } = self;
        if !unreadable.is_empty() {
            return check_partly_read(rows.len(), summary.count, "资金流水总笔数");
        }
        let of = |direction| rows.iter().filter(move |row| row.direction == direction);
        // a sum that overflows matches no summary
        let sum = |direction| of(direction).try_fold(0_i64, |sum, row| sum.checked_add(row.amount));
        if rows.len() != summary.count {
            return Err(BillError::Sum("资金流水总笔数"));
        }
        if of(Direction::Income).count() != summary.in_count {
            return Err(BillError::Sum("收入笔数"));
        }
        if of(Direction::Expense).count() != summary.out_count {
            return Err(BillError::Sum("支出笔数"));
        }
        if sum(Direction::Income) != Some(summary.in_amount) {
            return Err(BillError::Sum("收入金额"));
        }
        if sum(Direction::Expense) != Some(summary.out_amount) {
            return Err(BillError::Sum("支出金额"));
        }
        Ok(())
    }
}

impl FundFlow {
    fn read(row: &Reader<'_, '_, 11>) -> Result<Self, BillError> {
        let direction = match row.text(5)? {
            "收入" => Direction::Income,
            "支出" => Direction::Expense,
            _ => return Err(BillError::Field { line: row.row.line, column: NAMES[5] }),
        };
        Ok(Self {
            time: row.required(0)?,
            business_id: row.required(1)?,
            flow_id: row.required(2)?,
            name: row.text(3)?.to_owned(),
            kind: row.text(4)?.to_owned(),
            direction,
            amount: row.fen(6)?,
            balance: row.fen(7)?,
            applicant: row.text(8).unwrap_or_default().to_owned(),
            remark: row.text(9).unwrap_or_default().to_owned(),
            voucher: row.text(10).unwrap_or_default().to_owned(),
        })
    }
}
