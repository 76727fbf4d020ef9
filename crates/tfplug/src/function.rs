//! What a function is: pure, callable before the provider is configured.

use crate::schema::{Object, Shape};

/// A function, `provider::<provider>::<name>(…)` in HCL (Terraform since 1.8, OpenTofu since 1.7).
pub trait Function: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// What it does, in a sentence.
    const SUMMARY: &'static str;
    /// Its parameters in order: a struct by [`object!`](crate::object!), whose doc comment describes the
    /// function. An `optional` parameter accepts null.
    type Arguments: Object;
    /// Whether the last parameter, a list, takes any number of arguments.
    const VARIADIC: bool = false;
    /// What it returns: an `Option` where that may be null.
    type Output: Shape;

    /// Computes the result. Arguments are known; the host answers calls with unknown ones by itself.
    ///
    /// # Errors
    /// What is wrong, and with which argument.
    fn call(arguments: Self::Arguments) -> Result<Self::Output, FunctionError>;
}

/// Why a function has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong and what to write instead. Hosts put a full stop behind it, so its own last one is left out.
    pub text: String,
    /// The position of the argument at fault, from zero.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// An error about the argument at this position, from zero.
    pub fn argument(position: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(position) }
    }
}
