//! How an attribute is declared: who sets it, what it defaults to, what a change of it means, what is a
//! valid value. Never knows the attribute's name.

use super::{Attribute, Check, Shape, attribute_name, prose};
use crate::value::{Refinements, Value};

/// Everything said of an attribute beside its name, type and prose. Start with [`required`], [`optional`]
/// or [`computed`].
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the protocol or an independent plan rule"
)]
pub struct Declaration {
    /// The user must set it.
    pub required: bool,
    /// The user may set it.
    pub optional: bool,
    /// The provider may set it where the user does not.
    pub computed: bool,
    /// Hosts hide it in output. It is in state all the same.
    pub sensitive: bool,
    /// Only ever in configuration: never in plan or state.
    pub write_only: bool,
    /// Why not to use it any longer.
    pub deprecated: Option<String>,
    /// What an omitted argument means.
    pub default: Option<Value>,
    /// A computed value that an update does not change.
    pub keep: bool,
    /// A change makes a new object.
    pub replace: bool,
    /// What is known of it while it is computed and unknown.
    pub refinements: Refinements,
    /// The only values allowed, if they can be listed.
    pub one_of: &'static [&'static str],
    /// What a valid value is.
    pub checks: Vec<Check>,
}

/// An argument that the user must set.
pub fn required() -> Declaration {
    Declaration { required: true, ..Declaration::default() }
}

/// An argument that the user may set.
pub fn optional() -> Declaration {
    Declaration { optional: true, ..Declaration::default() }
}

/// A value that only the provider sets.
pub fn computed() -> Declaration {
    Declaration { computed: true, ..Declaration::default() }
}

impl Declaration {
    /// Whether the user may not set it.
    pub fn is_read_only(&self) -> bool {
        self.computed && !self.optional && !self.required
    }

    /// The provider may set it where the user does not.
    #[must_use]
    pub fn computed(self) -> Self {
        Self { computed: true, ..self }
    }

    /// Hosts hide it in output.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// Only ever in configuration, never in plan or state (Terraform and OpenTofu since 1.11).
    #[must_use]
    pub fn write_only(self) -> Self {
        Self { write_only: true, ..self }
    }

    /// Deprecated, with what to use instead.
    #[must_use]
    pub fn deprecated(self, instead: impl Into<String>) -> Self {
        Self { deprecated: Some(instead.into()), ..self }
    }

    /// What an omitted argument means. The protocol wants such an argument computed as well, since the
    /// plan then differs from the configuration.
    #[must_use]
    pub fn default_to<T: Shape>(self, value: T) -> Self {
        Self { default: Some(value.encode()), computed: true, ..self }
    }

    /// A computed value that an update leaves as it is, so that the plan of an update can show it.
    #[must_use]
    pub fn keep(self) -> Self {
        Self { keep: true, ..self }
    }

    /// A change makes a new object.
    #[must_use]
    pub fn replace(self) -> Self {
        Self { replace: true, ..self }
    }

    /// A computed value that is never null, so that `x != null` is known at plan.
    #[must_use]
    pub fn never_null(self) -> Self {
        Self { refinements: Refinements::not_null(), ..self }
    }

    /// A computed text of which the beginning is known before the rest.
    #[must_use]
    pub fn starts_with(self, prefix: &str) -> Self {
        Self { refinements: Refinements::prefix(prefix), ..self }
    }

    /// The only texts allowed.
    #[must_use]
    pub fn one_of(self, allowed: &'static [&'static str]) -> Self {
        Self { one_of: allowed, ..self }.with(Check::one_of(allowed))
    }

    /// What a valid value is: `check` answers with what is wrong and what to write instead. It is only
    /// asked about values that are known.
    #[must_use]
    pub fn check<T>(self, check: fn(&T) -> Result<(), String>) -> Self
    where
        T: ToOwned<Owned: Shape> + ?Sized + 'static,
    {
        self.with(Check::value(check))
    }

    /// What a valid element of a list, set or map is.
    #[must_use]
    pub fn check_each<T>(self, check: fn(&T) -> Result<(), String>) -> Self
    where
        T: ToOwned<Owned: Shape> + ?Sized + 'static,
    {
        self.with(Check::each(check))
    }

    /// What a valid key of a map is.
    #[must_use]
    pub fn check_keys(self, check: fn(&str) -> Result<(), String>) -> Self {
        self.with(Check::keys(check))
    }

    /// The attribute that this declares. Called by [`object!`](crate::object!).
    pub fn of<T: Shape>(mut self, name: &str, doc: &str) -> Attribute {
        self.checks.extend(T::checks());
        let name = attribute_name(name).to_owned();
        Attribute { name, description: prose(doc), kind: T::kind(), declaration: self }
    }

    fn with(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }
}
