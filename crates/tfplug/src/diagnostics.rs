//! What a provider tells the person at the keyboard. Pure; never decides what the host does with it.

use crate::path::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation goes on; the user should know.
    Warning,
}

/// Why an operation may be put off until more is known, for hosts that can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deferral {
    /// The resource's own configuration is not known enough.
    ResourceConfigUnknown,
    /// The provider's configuration is not known enough.
    ProviderConfigUnknown,
    /// Something that the resource needs does not exist yet.
    AbsentPrerequisite,
}

/// One message: a short title, what to do about it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A title of a few words.
    pub summary: String,
    /// What was tried, what was found, why it matters, what to write instead.
    pub detail: String,
    /// The attribute at fault, where there is one.
    pub path: Option<Path>,
    /// Set where a host that allows deferral may put the operation off instead of failing.
    pub deferral: Option<Deferral>,
}

impl Diagnostic {
    /// An error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        let (summary, detail) = (summary.into(), detail.into());
        Self { severity: Severity::Error, summary, detail, path: None, deferral: None }
    }

    /// A warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// The same, pointing at an attribute.
    #[must_use]
    pub fn at(self, path: Path) -> Self {
        Self { path: Some(path), ..self }
    }

    /// The same, as a deferral where the host allows one.
    #[must_use]
    pub fn or_defer(self, reason: Deferral) -> Self {
        Self { deferral: Some(reason), ..self }
    }
}

/// Any number of diagnostics, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// One error without a path.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Diagnostic::error(summary, detail).into()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// `Err` with all of them when one is an error, else `Ok`; warnings alone are dropped by `?`, so keep
    /// them in the context instead.
    ///
    /// # Errors
    /// The diagnostics themselves.
    pub fn into_result(self) -> Result<(), Self> {
        if self.has_errors() { Err(self) } else { Ok(()) }
    }

    /// The reason for which all errors among these may be deferred, if every error allows it.
    pub fn deferral(&self) -> Option<Deferral> {
        let mut errors = self.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).peekable();
        let first = errors.peek()?.deferral;
        if errors.all(|diagnostic| diagnostic.deferral.is_some()) { first } else { None }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        self.0.extend(iter);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_defer_only_when_every_one_of_them_may() {
        let deferrable = Diagnostic::error("a", "").or_defer(Deferral::ProviderConfigUnknown);
        let mut all: Diagnostics = deferrable.into();
        assert_eq!(all.deferral(), Some(Deferral::ProviderConfigUnknown));
        all.push(Diagnostic::warning("w", ""));
        assert_eq!(all.deferral(), Some(Deferral::ProviderConfigUnknown));
        all.push(Diagnostic::error("b", ""));
        assert_eq!(all.deferral(), None);
    }
}
