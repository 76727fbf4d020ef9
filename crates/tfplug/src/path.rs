//! Attribute paths: where in a value something is. Pure; never looks at a value.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute of an object, by name.
    Attribute(String),
    /// An element of a map, by key.
    Key(String),
    /// An element of a list, by position from zero.
    Index(usize),
}

/// The way from the root of a configuration or state to one value.
///
/// The protocol has no step for an element of a set, so a path ends at the set itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    steps: Vec<Step>,
}

impl Path {
    /// The root: the whole value.
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of a top-level attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::root().join(name)
    }

    /// This path and one attribute further.
    #[must_use]
    pub fn join(&self, name: impl Into<String>) -> Self {
        self.with(Step::Attribute(name.into()))
    }

    /// This path and one map key further.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path and one list position further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps }
    }
}

impl fmt::Display for Path {
    /// As it would stand in HCL: `trust.aws[0].principals`, `inline_policies["deploy"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_it_stands_in_hcl() {
        let path = Path::attribute("trust").join("aws").index(0).join("principals");
        assert_eq!(path.to_string(), "trust.aws[0].principals");
        assert_eq!(Path::attribute("inline_policies").key("a b").to_string(), "inline_policies[\"a b\"]");
    }
}
