//! A value of the `Resource` element.
//!
//! Owns what it matches. Never knows which resources exist.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "IAM identifiers".

use crate::{
    Context, Layer, Pattern, Truth, Version,
    condition::{
        arn::{self, ArnPattern, PARTS},
        variable::{Expansion, Template},
    },
};

/// A pattern for resources, possibly with variables.
#[derive(Clone, Debug)]
pub(crate) struct ResourcePattern {
    as_written: String,
    template: Option<Template>,
    /// The pattern; with variables, one that matches at least as much.
    widest: ArnPattern,
    /// Whether IAM adds the parts that an ARN lacks: in identity-based policies it does.
    completes: bool,
}

impl ResourcePattern {
    pub(super) fn new(text: &str, version: Version, layer: Layer) -> Self {
        let template = Template::new(text, version);
        let widest = ArnPattern::new(&template.widest(true));
        let template = if template.fixed().is_some() { None } else { Some(template) };
        let as_written = text.to_owned();
        Self { as_written, template, widest, completes: matches!(layer, Layer::Identity | Layer::Boundary) }
    }

    /// Whether a resource matches: an ARN, or `*` for an action that is done to no resource, which only a pattern for
    /// everything matches.
    pub(crate) fn matches(&self, resource: &str, context: &Context) -> Truth {
        let Some(template) = &self.template else { return self.compare(&self.widest, resource) };
        match template.expand(context) {
            Expansion::Pieces(pieces) => self.compare(&ArnPattern::new(&pieces), resource),
            Expansion::Nothing => Truth::False,
            Expansion::Unknown => self.compare(&self.widest, resource).and(Truth::Unknown),
        }
    }

    /// AWS says both that `*` is any run of characters and that it stands within one part of an ARN. Where the two
    /// readings differ, the answer is not known.
    fn compare(&self, pattern: &ArnPattern, resource: &str) -> Truth {
        if pattern.whole().is_everything() {
            return Truth::True;
        }
        if resource == "*" {
            return Truth::False;
        }
        let as_text = pattern.whole().matches(resource);
        if pattern.parts().len() < PARTS {
            let completed = arn::completed(pattern.parts(), resource);
            return match (completed, as_text) {
                (true, _) if self.completes => Truth::True,
                (true, _) | (false, true) => Truth::Unknown,
                (false, false) => Truth::False,
            };
        }
        match as_text {
            // What matches part by part matches as a text.
            false => Truth::False,
            true if arn::matches_by_parts(pattern.parts(), resource) == Some(false) => Truth::Unknown,
            true => Truth::True,
        }
    }

    /// The text of the policy.
    pub(crate) fn as_written(&self) -> &str {
        &self.as_written
    }

    /// The whole pattern as a text, each variable as a `*`.
    pub(crate) fn widest(&self) -> &Pattern {
        self.widest.whole()
    }

    /// The same, cut into the parts of an ARN.
    pub(crate) fn widest_parts(&self) -> &[Pattern] {
        self.widest.parts()
    }

    /// The parts with the values of `context` in the place of variables, if it has them.
    pub(crate) fn parts(&self, context: &Context) -> Option<Vec<Pattern>> {
        let Some(template) = &self.template else { return Some(self.widest.parts().to_vec()) };
        match template.expand(context) {
            Expansion::Pieces(pieces) => Some(ArnPattern::new(&pieces).parts().to_vec()),
            Expansion::Nothing | Expansion::Unknown => None,
        }
    }

    /// The condition keys that it has as variables, in lower case.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.template.iter().flat_map(Template::variables)
    }

    /// Whether it is certain what it stands for: an ARN of six parts, or one that IAM completes.
    pub(crate) fn is_whole(&self) -> bool {
        self.completes || self.widest.parts().len() >= PARTS
    }

    /// Whether it has variables, so that what it matches depends on the request.
    pub(crate) fn has_variables(&self) -> bool {
        self.template.is_some()
    }
}
