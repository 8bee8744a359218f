use model::LocalizedText;

/// A form that the shop refused: what the person typed, and what is wrong. The page of the form shows both, so that nothing
/// typed is lost. The server's handlers make it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Each field as it was sent.
    pub fields: Vec<(String, String)>,
    /// The names of fields, and what is wrong with each.
    pub problems: Vec<(&'static str, LocalizedText)>,
    /// The sentence at the top.
    pub summary: Option<LocalizedText>,
}

impl Draft {
    /// What was typed into a field; `None` if the form was not sent yet, or had no such field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub(crate) fn problem(&self, name: &str) -> Option<LocalizedText> {
        self.problems.iter().find(|(field, _)| *field == name).map(|(_, problem)| *problem)
    }
}
