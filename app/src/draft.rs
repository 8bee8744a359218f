use model::LocalizedText;

/// A form that the shop refused: its typed values and its mistakes. The page of the form shows both, so that the person
/// loses nothing. The handlers of the server create it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The fields as the browser sent them: names and values.
    pub fields: Vec<(String, String)>,
    /// The wrong fields: the name, and the sentence about the mistake.
    pub problems: Vec<(&'static str, LocalizedText)>,
    /// The sentence at the top of the form.
    pub summary: Option<LocalizedText>,
}

impl Draft {
    /// The typed value of a field. `None` if the browser has not sent the form yet, or if the form has no such field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The sentence about the mistake in a field.
    pub(crate) fn problem(&self, name: &str) -> Option<LocalizedText> {
        self.problems.iter().find(|(field, _)| *field == name).map(|(_, problem)| *problem)
    }
}
