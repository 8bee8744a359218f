use std::fmt;

/// The fields of a V2 message: names and values, in the order of the message.
///
/// Keeps fields that this crate does not know, because the signature covers them.
///
/// ```
/// let mut fields = wechat::wire::Fields::new().with("body", "tea").with("total_fee", "1");
/// fields.set("body", "green tea");
/// assert_eq!(fields.get("body"), Some("green tea"));
/// assert_eq!(fields.remove("body").as_deref(), Some("green tea"));
/// assert_eq!(fields.iter().collect::<Vec<_>>(), [("total_fee", "1")]);
/// ```
#[derive(Clone, Default)]
pub struct Fields {
    /// All names and values, one after the other. One buffer avoids two allocations for each field.
    text: String,
    spans: Vec<Span>,
}

/// The position of a field in the text: its name, directly followed by its value.
#[derive(Clone, Copy)]
struct Span {
    name: usize,
    value: usize,
    end: usize,
}

impl Fields {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: String::new(), spans: Vec::new() }
    }

    /// An empty list with capacity for this many bytes of names and values, and this many fields.
    pub(super) fn with_capacity(bytes: usize, fields: usize) -> Self {
        Self { text: String::with_capacity(bytes), spans: Vec::with_capacity(fields) }
    }

    /// Adds a field at the end. If the name exists, the field keeps its position and gets the new value.
    pub fn set(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        let (name, value) = (name.as_ref(), value.as_ref());
        let known = self.position(name);
        let span = Span {
            name: self.text.len(),
            value: self.text.len() + name.len(),
            end: self.text.len() + name.len() + value.len(),
        };
        self.text.push_str(name);
        self.text.push_str(value);
        match known {
            Some(at) => self.spans[at] = span,
            None => self.spans.push(span),
        }
    }

    /// Like [`Fields::set`], for method chains.
    #[must_use]
    pub fn with(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.set(name, value);
        self
    }

    /// Begins a field whose value arrives in pieces. The field exists after [`Fields::finish`].
    pub(super) fn begin(&mut self, name: &str) -> Begun {
        let start = self.text.len();
        self.text.push_str(name);
        Begun { name: start, value: self.text.len() }
    }

    pub(super) fn push_str(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    pub(super) fn push(&mut self, piece: char) {
        self.text.push(piece);
    }

    /// Adds the field that was begun. Returns false if the name exists already.
    pub(super) fn finish(&mut self, begun: Begun) -> bool {
        let new = self.position(&self.text[begun.name..begun.value]).is_none();
        if new {
            self.spans.push(Span { name: begun.name, value: begun.value, end: self.text.len() });
        }
        new
    }

    /// The value of a field. It may be empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.position(name).map(|at| self.field(self.spans[at]).1)
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.position(name)?;
        let span = self.spans.remove(at);
        Some(self.field(span).1.to_owned())
    }

    /// All fields in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.spans.iter().map(|span| self.field(*span))
    }

    /// The number of fields.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.spans.iter().position(|span| self.text[span.name..span.value] == *name)
    }

    fn field(&self, span: Span) -> (&str, &str) {
        (&self.text[span.name..span.value], &self.text[span.value..span.end])
    }
}

/// A field that is being read.
pub(super) struct Begun {
    name: usize,
    value: usize,
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Fields {}

/// Shows only the names, because values may be personal or secret.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut all = Self::new();
        for (name, value) in fields {
            all.set(name, value);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_set_again_keeps_its_position() {
        let fields = Fields::new().with("a", "1").with("b", "2").with("a", "3");
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("a", "3"), ("b", "2")]);
        assert_eq!(fields, [("a", "3"), ("b", "2")].into_iter().collect());
        assert_ne!(fields, [("b", "2"), ("a", "3")].into_iter().collect());
    }

    #[test]
    fn an_empty_value_exists() {
        let mut fields = Fields::new().with("a", "");
        assert_eq!(fields.get("a"), Some(""));
        assert_eq!(fields.remove("a"), Some(String::new()));
        assert_eq!(fields.remove("a"), None);
        assert!(fields.is_empty());
    }

    #[test]
    fn no_value_is_printed() {
        let printed = format!("{:?}", Fields::new().with("openid", "oUpF8uMuAJO"));
        assert_eq!(printed, r#"["openid"]"#);
    }
}
