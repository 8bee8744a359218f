//! A shopper asks for the invoice of a paid order, or changes it before staff issue it.

use model::{
    OrderId, Shopper,
    order::OrderKind,
    record::{InvoiceKind, InvoiceRecord},
};

use super::{Invoices, tax_number::is_tax_number};
use crate::{ShopError, orders::standing, typed};

/// The maximum length of the name on an invoice, characters.
const LONGEST_TITLE: usize = 100;

/// The maximum length of an e-mail address (RFC 5321), bytes.
const LONGEST_EMAIL: usize = 254;

/// A field of the invoice form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceField {
    /// The name on the invoice (抬头).
    Title,
    /// The tax number.
    TaxNumber,
    /// The e-mail address.
    Email,
}

/// The invoice form, as a shopper typed it.
#[derive(Clone, Debug)]
pub struct InvoiceForm {
    /// To whom the invoice is made out.
    pub kind: InvoiceKind,
    /// The name on the invoice.
    pub title: String,
    /// The tax number. It is ignored for a person.
    pub tax_number: String,
    /// The e-mail address.
    pub email: String,
}

impl InvoiceForm {
    /// The wrong fields, each with its error. Empty if the form can be stored.
    #[must_use]
    pub fn problems(&self) -> Vec<(InvoiceField, ShopError)> {
        let fields = [
            (InvoiceField::Title, title(&self.title)),
            (InvoiceField::TaxNumber, self.checked_tax_number()),
            (InvoiceField::Email, email(&self.email)),
        ];
        fields.into_iter().filter_map(|(field, checked)| Some((field, checked.err()?))).collect()
    }

    fn checked_tax_number(&self) -> Result<String, ShopError> {
        let number: String = typed::number(&self.tax_number).chars().filter(|c| !c.is_whitespace()).collect();
        let number = number.to_ascii_uppercase();
        match self.kind {
            InvoiceKind::Person => Ok(String::new()),
            InvoiceKind::Company if number.is_empty() => {
                Err(ShopError::invalid("请填写税号", "Please enter the tax number."))
            }
            InvoiceKind::Company if is_tax_number(&number) => Ok(number),
            InvoiceKind::Company => Err(ShopError::invalid(
                "税号不正确，请核对（统一社会信用代码为 18 位）",
                "Please check the tax number (a unified social credit code has 18 characters).",
            )),
        }
    }
}

fn title(text: &str) -> Result<String, ShopError> {
    let text = typed::line(text);
    if text.is_empty() || text.chars().count() > LONGEST_TITLE || text.contains(char::is_control) {
        return Err(ShopError::invalid(
            "请填写发票抬头，最多 100 个字",
            "Please enter the name on the invoice, at most 100 letters.",
        ));
    }
    Ok(text)
}

fn email(text: &str) -> Result<String, ShopError> {
    let text = typed::number(text);
    let is_domain = |domain: &str| {
        domain.contains('.')
            && domain.split('.').all(|part| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    };
    let is_local = |local: &str| {
        !local.is_empty()
            && local
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
    };
    let is_address = text.len() <= LONGEST_EMAIL
        && text.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
    if is_address {
        Ok(text)
    } else {
        Err(ShopError::invalid(
            "请填写邮箱地址，例如 name@example.com",
            "Please enter an e-mail address, such as name@example.com.",
        ))
    }
}

impl Invoices {
    /// Stores or changes the invoice that a shopper asks for. It must be the shopper's own order of goods, and the shop
    /// must keep money for it.
    ///
    /// # Errors
    /// [`ShopError::Invalid`]; [`ShopError::NotFound`]; [`ShopError::NotPaid`]; [`ShopError::Changed`] if the invoice
    /// is issued; or a failing database.
    pub async fn ask(&self, shopper: &Shopper, id: &OrderId, form: &InvoiceForm) -> Result<(), ShopError> {
        let order = self.orders.own_order(shopper, id).await?;
        let paid_by = self.store.paid_by(&order).await?;
        if order.kind != OrderKind::Goods || !standing(order.state, paid_by.as_ref()).may_ship() {
            return Err(ShopError::NotPaid);
        }
        let invoice = InvoiceRecord {
            order_id: id.clone(),
            kind: form.kind,
            title: title(&form.title)?,
            tax_number: form.checked_tax_number()?,
            email: email(&form.email)?,
            asked_ms: self.clock.now_ms(),
            issued_ms: None,
            who: String::new(),
        };
        if self.store.save_invoice(&invoice).await? { Ok(()) } else { Err(ShopError::Changed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: InvoiceKind, title: &str, tax_number: &str, email: &str) -> InvoiceForm {
        InvoiceForm {
            kind,
            title: title.to_owned(),
            tax_number: tax_number.to_owned(),
            email: email.to_owned(),
        }
    }

    fn wrong(form: &InvoiceForm) -> Vec<InvoiceField> {
        form.problems().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn a_person_needs_no_tax_number_and_a_company_does() {
        assert_eq!(wrong(&form(InvoiceKind::Person, "王", "", "a@b.cn")), []);
        assert_eq!(wrong(&form(InvoiceKind::Company, "小店", "", "a@b.cn")), [InvoiceField::TaxNumber]);
        let spaced = "９１１１０１０８　ma00 1234 5x";
        assert!(
            wrong(&form(InvoiceKind::Company, "小店", spaced, "a@b.cn")).contains(&InvoiceField::TaxNumber)
        );
        assert_eq!(wrong(&form(InvoiceKind::Company, "小店", "91350100 m000 100y43", "a@b.cn")), []);
    }

    #[test]
    fn an_email_has_one_at_sign_and_a_domain() {
        for good in ["name@example.com", "a.b+c@sub.example.cn", "ｎame@example.com"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for wrong in
            ["", "name", "@example.com", "name@", "name@example", "a b@example.com", "a@b@c.cn", "王@b.cn"]
        {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert!(email(&format!("{}@example.com", "a".repeat(250))).is_err());
    }
}
