//! One version of Terraform's CLI: which there are, where they are, and what a run of one said.

use std::fmt;
use std::path::PathBuf;

use super::ground;

/// A version of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terraform {
    version: &'static str,
}

impl Terraform {
    /// The oldest that the provider supports, the first with functions, the last before ephemeral values, the newest.
    pub(crate) const ALL: [Self; 4] = [
        Self { version: "1.0.3" },
        Self { version: "1.8.4" },
        Self { version: "1.9.8" },
        Self { version: "1.15.5" },
    ];

    /// The version that a test runs on when the version does not matter.
    pub(crate) const NEWEST: Self = Self { version: "1.15.5" };

    /// Such as `1.9.8`.
    pub(crate) fn version(self) -> &'static str {
        self.version
    }

    /// Whether this is `first` (such as `"1.5"`) or later.
    pub(crate) fn is_since(self, first: &str) -> bool {
        fn numbers(version: &str) -> Vec<u32> {
            version.split('.').map(|number| number.parse().expect("versions are numbers")).collect()
        }
        numbers(self.version) >= numbers(first)
    }

    /// The command.
    pub(crate) fn command(self) -> PathBuf {
        ground::folder().join("terraform").join(self.version).join("terraform")
    }
}

/// What one run of Terraform came to.
#[derive(Debug)]
pub(crate) struct Output {
    /// As one would type it.
    pub(crate) command: String,
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Output {
    /// Whether it said `text` anywhere. Line breaks and frames do not count: Terraform wraps what a provider says.
    pub(crate) fn says(&self, text: &str) -> bool {
        unwrapped(&format!("{}\n{}", self.stdout, self.stderr)).contains(&unwrapped(text))
    }

    /// Fails the test unless it said every one of `texts`.
    #[track_caller]
    pub(crate) fn assert_says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.says(text), "nowhere does it say: {text}\n{self}");
        }
    }

    /// Fails the test unless it ended with code 0.
    #[track_caller]
    pub(crate) fn assert_succeeded(&self) {
        assert!(self.code == Some(0), "it should have succeeded\n{self}");
    }

    /// Fails the test unless it ended with code 1, as Terraform does after an error.
    #[track_caller]
    pub(crate) fn assert_failed(&self) {
        assert!(self.code == Some(1), "it should have failed with an error\n{self}");
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ {}", self.command)?;
        match self.code {
            Some(124 | 137) => writeln!(f, "(did not end in time and was killed)")?,
            Some(code) => writeln!(f, "(exit code {code})")?,
            None => writeln!(f, "(ended by a signal)")?,
        }
        writeln!(f, "{}\n{}", self.stdout.trim_end(), self.stderr.trim_end())
    }
}

/// `text` on one line, without the frame that Terraform draws around diagnostics.
fn unwrapped(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || "│╷╵".contains(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
