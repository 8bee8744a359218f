//! Access to the fields of a form by their names.

use axum::{Form, extract::rejection::FormRejection};

/// The fields of a form, in their order. Empty if the body is not a form.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) const fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    pub(super) fn of(form: Result<Form<Vec<(String, String)>>, FormRejection>) -> Self {
        Self(form.map(|Form(fields)| fields).unwrap_or_default())
    }

    /// The value of a field. `None` if the form does not contain it exactly once.
    pub(super) fn one<'a>(&'a self, name: &str) -> Option<&'a str> {
        let mut values = self.0.iter().filter(|(field, _)| field == name);
        let first = values.next()?;
        if values.next().is_some() { None } else { Some(&first.1) }
    }

    /// The value of a field, or an empty text: see [`Fields::one`].
    pub(super) fn text(&self, name: &str) -> String {
        self.one(name).unwrap_or_default().to_owned()
    }

    /// All values of a field that a form may have several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All fields.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn into_inner(self) -> Vec<(String, String)> {
        self.0
    }
}
