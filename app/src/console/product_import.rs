//! The catalogue as a CSV file: the form, and what each line of a file would change.

use leptos::prelude::*;
use shop::{
    CellChange, CellProblem, CellText, CheckedLine, MAX_PRODUCT_LINES, MAX_SPECIFICATIONS, ProductColumn,
    ProductImport, Right, WrongCell,
};

use super::{
    language::{t, tf, translate},
    layout::{Head, page},
};

/// The largest number of lines on the page.
const SHOWN: usize = 500;

/// The button of the export, and the form for a file. `problem` is why the shop refused the last file.
#[must_use]
pub fn product_file_page(head: &Head<'_>, problem: Option<&'static str>) -> String {
    let columns = ProductColumn::ALL.map(|column| translate(column.name())).join(t("、", ", "));
    let role = head.staff.role;
    let export = role.may(Right::Export).then(|| {
        view! {
            <section class="panel">
                <h2>{t("导出", "Export")}</h2>
                <p>{t("每个规格一行，不含已删除的商品。", "One line for each specification, without deleted products.")}</p>
                <form method="post" action="/console/catalogue/file.csv">
                    <button>{t("导出商品（CSV）", "Export the products (CSV)")}</button>
                </form>
            </section>
        }
    });
    let import = role.may(Right::Catalogue).then(|| {
        view! {
            <section class="panel">
                <h2>{t("导入", "Import")}</h2>
                {problem.map(|text| view! { <p class="error" role="alert">{text}</p> })}
                <p>{t("先导出，在表格软件里修改，再导入。检查页面会列出每一行的变化，确认后才写入。", "Export the products, change the file in a spreadsheet, and import it. The check shows what each line changes. Nothing is written before you confirm it.")}</p>
                <ul class="muted">
                    <li>{tf!("列名：{columns}。只需要“货号”和要修改的列，其他列可以删除。", "Columns: {columns}. Only “SKU” and the columns that you change are needed.")}</li>
                    <li>{t("空白的单元格、文件里没有的商品，都保持不变。", "Empty cells change nothing. Products that are not in the file stay as they are.")}</li>
                    <li>{t("库存：改“库存”，不要改“导出时库存”。小店按两者之差增减，所以导出之后卖出的件数不会被改回来。", "Stock: change “Stock”, and keep “Stock at export”. The shop adds or takes the difference, so pieces that were sold after the export stay sold.")}</li>
                    <li>{t("有选项的商品：“选项名”如“颜色 / 尺码”，“规格”如“红 / L”，两边一样多。", "A product with options: “Options” like “colour / size”, and “Specification” with as many values, like “red / L”.")}</li>
                    <li>{t("新增：货号可以留空（小店自动编号）；商品编号留空时，同名的行成为一件新商品。", "New lines: the SKU may be empty (the shop makes one). Without a product number, lines with the same name become one new product.")}</li>
                    <li>{tf!("编码为 UTF-8 或 GBK，最大 4 MB，最多 {MAX_PRODUCT_LINES} 行；一件商品最多 {MAX_SPECIFICATIONS} 个规格。", "The encoding is UTF-8 or GBK, the size at most 4 MB, with at most {MAX_PRODUCT_LINES} lines. A product has at most {MAX_SPECIFICATIONS} specifications.")}</li>
                </ul>
                <form method="post" action="/console/catalogue/file/preview" enctype="multipart/form-data" class="row">
                    <label>{t("CSV 文件", "CSV file")} <input type="file" name="file" accept=".csv,text/csv,text/plain" required/></label>
                    <button class="primary">{t("检查", "Check")}</button>
                </form>
            </section>
        }
    });
    let body = view! {
        {export}
        {import}
        <p><a href="/console/catalogue">{t("返回商品", "Back to the products")}</a></p>
    };
    page(head, "/console/catalogue", t("导出和导入商品", "Export and import products"), body)
}

/// The preview: what each line of the file would change, and the button that imports the file. With `has_changed` it
/// says that the catalogue has changed since the last preview.
#[must_use]
pub fn product_import_page(head: &Head<'_>, import: &ProductImport, has_changed: bool) -> String {
    let (mut new, mut changed, mut wrong, mut cells) = (0, 0, 0, 0);
    for line in &import.lines {
        if !line.wrong.is_empty() {
            wrong += 1;
            cells += line.wrong.len();
        } else if line.is_new {
            new += 1;
        } else if !line.changes.is_empty() {
            changed += 1;
        }
    }
    let same = import.lines.len() - new - changed - wrong;
    let warning = has_changed.then(|| {
        view! { <p class="error" role="alert">{t("商品刚刚有变化，还没有导入。下面是按现在的商品重新检查的结果，请再确认一次", "The catalogue has just changed, and nothing was imported. Below is the check against the catalogue as it is now. Please confirm again.")}</p> }
    });
    let unknown = (!import.unknown.is_empty()).then(|| {
        let names = import.unknown.join(t("、", ", "));
        view! { <p class="muted">{tf!("忽略了这些列：{names}", "Columns that are ignored: {names}")}</p> }
    });
    let form = if wrong > 0 {
        view! { <p class="error">{tf!("有 {cells} 个单元格需要修改，全部改好后才能导入：请改好文件，再选择一次", "{cells} cells are wrong. Nothing can be imported before they are right: please correct the file, and choose it again.")}</p> }
            .into_any()
    } else if new + changed == 0 {
        view! { <p>{t("文件与现在的商品一致，没有要导入的内容", "The file is the same as the catalogue: there is nothing to import.")}</p> }.into_any()
    } else {
        view! {
            <form method="post" action="/console/catalogue/file/import" enctype="multipart/form-data" class="actions">
                <input type="hidden" name="version" value=import.version.to_string()/>
                <input type="hidden" name="lines" value=import.text()/>
                <button class="primary">{tf!("导入 {} 行", "Import {} lines", new + changed)}</button>
            </form>
        }
        .into_any()
    };
    // lines that a person must look at come first
    let is_shown = |line: &CheckedLine, turn: usize| match turn {
        0 => !line.wrong.is_empty(),
        _ => line.wrong.is_empty() && (line.is_new || !line.changes.is_empty()),
    };
    let rows = (0..2)
        .flat_map(|turn| import.lines.iter().filter(move |line| is_shown(line, turn)))
        .take(SHOWN)
        .map(row)
        .collect_view();
    let more = (import.lines.len() - same).saturating_sub(SHOWN);
    let more = (more > 0).then(|| {
        view! { <p class="muted">{tf!("另有 {more} 行没有显示", "{more} more lines are not shown")}</p> }
    });
    let unchanged = (same > 0).then(|| {
        view! { <p class="muted">{tf!("不变的 {same} 行没有列出", "The {same} unchanged lines are not listed")}</p> }
    });
    let body = view! {
        <section class="panel">
            {warning}
            <p role="status"><strong>{tf!("新增 {new} 行，修改 {changed} 行，不变 {same} 行，有问题 {wrong} 行", "new: {new}, changed: {changed}, unchanged: {same}, wrong: {wrong}")}</strong></p>
            {unknown}
            {form}
            <p><a href="/console/catalogue/file">{t("重新选择文件", "Choose another file")}</a></p>
        </section>
        <table class="list parcels">
            <caption class="hidden">{t("文件中的每一行", "Each line of the file")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("行", "Line")}</th>
                    <th scope="col">{translate(ProductColumn::Sku.name())}</th>
                    <th scope="col">{t("商品和规格", "Product and specification")}</th>
                    <th scope="col">{t("结果", "Result")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
        {unchanged}
    };
    page(head, "/console/catalogue", t("检查结果", "Result of the check"), body)
}

fn row(line: &CheckedLine) -> AnyView {
    let (class, word) = if !line.wrong.is_empty() {
        ("tag warn", t("有问题", "Wrong"))
    } else if line.is_new {
        ("tag paid", t("新增", "New"))
    } else {
        ("tag paid", t("修改", "Changed"))
    };
    let details: Vec<String> = if line.wrong.is_empty() {
        line.changes.iter().map(change).collect()
    } else {
        line.wrong.iter().map(wrong_cell).collect()
    };
    let details = details.into_iter().map(|text| view! { <br/>{text} }).collect_view();
    let (number, sku) = (line.line.line.to_string(), line.line.cell(ProductColumn::Sku).to_owned());
    view! {
        <tr>
            <td data-label=t("行", "Line")>{number}</td>
            <td data-label=translate(ProductColumn::Sku.name()) class="id">{sku}</td>
            <td data-label=t("商品和规格", "Product and specification") class="text">{line.name.clone()} " " <span class="muted">{line.spec.clone()}</span></td>
            <td data-label=t("结果", "Result") class="text"><span class=class>{word}</span>{details}</td>
        </tr>
    }
    .into_any()
}

fn cell_text(text: &CellText) -> String {
    /// A longer text is cut, because the file has it.
    const LONGEST: usize = 60;
    match text {
        CellText::Localized(text) => translate(*text).to_owned(),
        CellText::Plain(text) if text.is_empty() => t("（空）", "(empty)").to_owned(),
        CellText::Plain(text) if text.chars().count() > LONGEST => {
            text.chars().take(LONGEST).chain(['…']).collect()
        }
        CellText::Plain(text) => text.clone(),
    }
}

fn change(change: &CellChange) -> String {
    let (column, new) = (translate(change.column.name()), cell_text(&change.new));
    match &change.old {
        Some(old) => {
            let old = cell_text(old);
            tf!("{column}：{old} → {new}", "{column}: {old} → {new}")
        }
        None => tf!("{column}：{new}", "{column}: {new}"),
    }
}

/// What is wrong, and what to do.
fn wrong_cell(wrong: &WrongCell) -> String {
    let column = translate(wrong.column.name());
    let words = problem_words(&wrong.problem);
    tf!("{column}：{words}", "{column}: {words}")
}

fn problem_words(problem: &CellProblem) -> String {
    let fixed = match problem {
        CellProblem::Missing => t("请填写", "please fill it in"),
        CellProblem::Invalid(text) => translate(*text),
        CellProblem::NotAnId => t(
            "只能用小写字母、数字和短横；如果表格软件改写了长编号，请把这一列设为文本后重新填写",
            "only small letters, digits and hyphens; if the spreadsheet has changed a long number, make the column text and fill it in again",
        ),
        CellProblem::Deleted => t(
            "商品已删除：请先在“已删除”里恢复，或去掉这一行",
            "the product is deleted: restore it first, or remove this line",
        ),
        CellProblem::OtherProduct(product) => {
            return tf!(
                "这个货号属于商品 {product}：请改回，或换一个货号",
                "this SKU belongs to the product {product}: change it back, or enter another SKU"
            );
        }
        CellProblem::Repeated(line) => {
            return tf!(
                "与第 {line} 行相同：请去掉其中一行",
                "the same as in line {line}: remove one of the lines"
            );
        }
        CellProblem::DiffersFromLine(line) => {
            return tf!(
                "与第 {line} 行不同：同一商品的各行要写一样的内容",
                "not the same as in line {line}: all lines of a product have the same text here"
            );
        }
        CellProblem::NameIsTaken(product) => {
            return tf!(
                "商品 {product} 已用这个名称：要给它加规格，请填写这个编号",
                "the product {product} has this name: to add a specification to it, enter its number"
            );
        }
        CellProblem::SpecIsTaken(sku) => {
            return tf!(
                "商品已有这个规格：要修改它，请填写货号 {sku}",
                "the product has this specification: to change it, enter the SKU {sku}"
            );
        }
        CellProblem::SpecIsRepeated(line) => {
            return tf!(
                "与第 {line} 行的规格相同：请改名或去掉一行",
                "the same specification as in line {line}: rename it, or remove one of the lines"
            );
        }
        CellProblem::StockSeenMissing => t(
            "没有“导出时库存”，无法得知变化：请从新导出的文件开始，或留空并在商品页面修改",
            "“Stock at export” is missing, so the change is not known: begin with a new export, or leave the cell empty and use the product's page",
        ),
        CellProblem::StockTooSmall(left) => {
            return tf!(
                "现在只有 {left} 件，不够减：导出之后卖出了一些，请重新导出",
                "only {left} pieces are left, fewer than the line takes: some were sold after the export, please export again"
            );
        }
        CellProblem::NoCombination(count) => {
            return tf!(
                "要写 {count} 个值，用“ / ”隔开，与“选项名”一一对应，如“红 / L”",
                "{count} values with “ / ” between them, one for each of the “Options”, like “red / L”"
            );
        }
        CellProblem::OtherSpecDoesNotFit(sku) => {
            return tf!(
                "货号 {sku} 的规格与选项对不上：请把这件商品的所有规格放进文件，一起修改",
                "the specification of the SKU {sku} does not fit: put all specifications of this product into the file, and change them together"
            );
        }
        CellProblem::TooManySpecifications => {
            return tf!(
                "一件商品最多 {MAX_SPECIFICATIONS} 个规格：请分成几件商品",
                "a product has at most {MAX_SPECIFICATIONS} specifications: please make several products"
            );
        }
    };
    fixed.to_owned()
}
