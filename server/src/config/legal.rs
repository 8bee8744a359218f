//! Who operates the shop. The law requires that a shop publishes this.

use shop::{LegalNotice, Licence};

use super::{Environment, TELEPHONE, is_telephone};

/// The longest name of an operator, in characters.
const LONGEST: usize = 100;

pub(super) fn legal(env: &mut Environment) -> LegalNotice {
    let text = |env: &Environment, name| env.text(name).map(str::to_owned);
    let operator = text(env, "SHOP_OPERATOR");
    if operator.as_ref().is_some_and(|name| name.chars().count() > LONGEST) {
        env.wrong("SHOP_OPERATOR", "the name of the company or person, at most 100 letters");
    }
    let licence = text(env, "SHOP_LICENCE")
        .map(|text| if text.starts_with("https://") { Licence::Page(text) } else { Licence::Number(text) });
    if let Some(Licence::Number(number)) = &licence
        && !(matches!(number.len(), 15 | 18) && number.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    {
        env.wrong(
            "SHOP_LICENCE",
            "the number of the licence (18 letters and digits, older ones 15), or an address of its picture that begins with \
             https://",
        );
    }
    let icp = text(env, "SHOP_ICP");
    if icp.as_ref().is_some_and(|number| !number.contains("ICP") || number.chars().count() > 40) {
        env.wrong("SHOP_ICP", "as the ministry gave it, such as 沪ICP备12345678号-1");
    }
    let complaint_telephone = text(env, "SHOP_COMPLAINT_TELEPHONE");
    if complaint_telephone.as_ref().is_some_and(|number| !is_telephone(number)) {
        env.wrong("SHOP_COMPLAINT_TELEPHONE", TELEPHONE);
    }
    LegalNotice { operator, licence, icp, complaint_telephone }
}
