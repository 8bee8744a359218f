/// Writes fields, one in each line.
#[derive(Debug, Default)]
pub struct TextWriter(String);

impl TextWriter {
    /// Adds a field. `name` contains no space and no line break.
    pub fn put(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push(' ');
        for character in value.chars() {
            match character {
                '%' => self.0.push_str("%25"),
                '\n' => self.0.push_str("%0A"),
                '\r' => self.0.push_str("%0D"),
                other => self.0.push(other),
            }
        }
        self.0.push('\n');
    }

    /// The text of all fields.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}
