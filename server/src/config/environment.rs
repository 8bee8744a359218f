//! Reads variables and collects all problems, so that one message names all of them.

use std::{collections::HashMap, fmt, path::Path, str::FromStr};

use wechat::wire::rsa::InvalidKey;

use super::env_file;

/// All missing or wrong variables, in one message.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    /// The problems, one line for each.
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
    variables: HashMap<String, Variable>,
    problems: Vec<String>,
}

/// The value of a variable, and where it was set.
pub(super) struct Variable {
    pub(super) value: String,
    /// The file and the line number; `None` for a variable of the process.
    pub(super) place: Option<String>,
}

impl Environment {
    pub(super) fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables =
            variables.into_iter().map(|(name, value)| (name, Variable { value, place: None })).collect();
        Self { variables, problems: Vec::new() }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
    pub(super) fn of_process(file: Option<&Path>) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(".env"));
        let mut variables = match std::fs::read(path) {
            Ok(bytes) => env_file::parse(&path.display().to_string(), &bytes).map_err(ConfigError)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => HashMap::new(),
            Err(error) => {
                return Err(ConfigError(vec![format!("{} cannot be read: {error}", path.display())]));
            }
        };
        // the variable of another program may not be UTF-8
        let of_process = std::env::vars_os().filter_map(|(name, value)| {
            let value = Variable { value: value.into_string().ok()?, place: None };
            Some((name.into_string().ok()?, value))
        });
        variables.extend(of_process);
        Ok(Self { variables, problems: Vec::new() })
    }

    /// The value without white space at its ends; `None` if it is unset or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|variable| variable.value.trim()).filter(|value| !value.is_empty())
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

    /// Parses the value, or `otherwise` if it is unset. Records a problem if the value is wrong; `form` says what it
    /// should be.
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

    /// The text of the file that a variable names; `None` if the variable is unset or the file cannot be read, which
    /// this records as a problem. A comment in another encoding is accepted, because keys and certificates are ASCII.
    pub(super) fn file(&mut self, name: &str) -> Option<String> {
        let path = self.text(name)?.to_owned();
        match std::fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => {
                self.wrong(name, &format!("{path} cannot be read: {error}"));
                None
            }
        }
    }

    pub(super) fn wrong(&mut self, name: &str, form: &str) {
        let place = self.variables.get(name).and_then(|variable| variable.place.as_ref());
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        self.problems.push(format!("{name}{place} is wrong: {form}"));
    }

    /// Records that a file does not contain a key or certificate of the right form, with the mistake if it is a known
    /// one.
    pub(super) fn wrong_file(&mut self, name: &str, missing: &str, error: InvalidKey) {
        let path = self.text_or(name, "");
        let mistake = error.mistake().map(|mistake| format!(": {mistake}")).unwrap_or_default();
        self.wrong(name, &format!("{path} does not contain the expected {missing}{mistake}"));
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(value) } else { Err(ConfigError(self.problems)) }
    }
}
