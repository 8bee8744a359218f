//! Reading variables, and collecting what is wrong with them.

use std::{collections::HashMap, fmt, path::Path, str::FromStr};

/// Everything that is missing or wrong, in one message.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    /// Each of them.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not complete (.env.sample explains each variable):")?;
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl std::error::Error for ConfigError {}

pub(super) struct Environment {
    variables: HashMap<String, String>,
    problems: Vec<String>,
}

impl Environment {
    pub(super) const fn new(variables: HashMap<String, String>) -> Self {
        Self { variables, problems: Vec::new() }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
    pub(super) fn of_process(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut variables = HashMap::new();
        let name = file.unwrap_or(Path::new(".env"));
        let problem = |what: &str| ConfigError(vec![format!("{}: {what}", name.display())]);
        match dotenvy::from_path_iter(name) {
            Ok(lines) => {
                for line in lines {
                    // the error would quote the line, which may hold a secret
                    let (name, value) = line.map_err(|_| problem("a line is not NAME=value"))?;
                    variables.insert(name, value);
                }
            }
            Err(error) if error.not_found() && file.is_none() => {}
            Err(_) => return Err(problem("it cannot be read")),
        }
        variables.extend(std::env::vars());
        Ok(Self::new(variables))
    }

    /// The value, or nothing where it is unset or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn text_or(&self, name: &str, otherwise: &str) -> String {
        self.text(name).unwrap_or(otherwise).to_owned()
    }

    pub(super) fn required(&mut self, name: &str, meaning: &str) -> String {
        let text = self.text_or(name, "");
        if text.is_empty() {
            self.problems.push(format!("{name} is missing: {meaning}"));
        }
        text
    }

    /// `otherwise` parses; so does what stands in for a wrong value, which is reported.
    pub(super) fn parse_or<T: FromStr>(&mut self, name: &str, otherwise: &str, form: &str) -> T {
        if let Some(text) = self.text(name) {
            match text.parse() {
                Ok(value) => return value,
                Err(_) => self.wrong(name, form),
            }
        }
        let Ok(value) = otherwise.parse() else { unreachable!("the default of {name} parses") };
        value
    }

    /// The text of the file that a variable names; nothing where it is unset. A file that cannot be read is reported.
    pub(super) fn file(&mut self, name: &str) -> Option<String> {
        let path = self.text(name)?.to_owned();
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.wrong(name, &format!("{path} cannot be read: {error}"));
                None
            }
        }
    }

    pub(super) fn wrong(&mut self, name: &str, form: &str) {
        self.problems.push(format!("{name} is wrong: {form}"));
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(value) } else { Err(ConfigError(self.problems)) }
    }
}
