//! Actions on resources that they cannot be limited to.
//!
//! Owns the comparison of a statement's resources with the types that an action takes. Never decides a request.
//! Source: Service Authorization Reference, "Actions table": an action without resource types needs
//! `"Resource": "*"`, and one with types is only ever done to resources of these.

use std::collections::HashMap;

use crate::{
    Effect, Layer, Pattern, PolicySet, Scope,
    catalog::{self, Action},
    expand,
    policy_set::CompiledStatement,
};

use super::{Source, reach::Format};

/// An action in a statement none of whose resources it can be done to: what the statement says of it is void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IneffectiveScope {
    /// The statement.
    pub source: Source,
    /// Its effect. Such an allow allows nothing, and such a deny does not protect.
    pub effect: Effect,
    /// The action or pattern as written; a pattern is void if every action that it matches is.
    pub action: String,
    /// The statement's resources as written.
    pub resources: Vec<String>,
    /// The names of the resource types that the action takes; none if it takes no resource and needs `*`.
    pub takes: Vec<&'static str>,
}

/// Every void action of identity-based policies, boundaries and session policies.
///
/// `NotAction` and `NotResource` are left out: what they leave open nearly always has an effect.
#[must_use]
pub fn ineffective_scopes(policies: &PolicySet) -> Vec<IneffectiveScope> {
    let layers = [Layer::Identity, Layer::Boundary, Layer::Session].into_iter();
    layers.flat_map(|layer| policies.layer(layer).statements()).flat_map(in_statement).collect()
}

fn in_statement(statement: &CompiledStatement) -> Vec<IneffectiveScope> {
    let (Scope::Only(actions), Some(Scope::Only(resources))) = (&statement.actions, &statement.resources)
    else {
        return Vec::new();
    };
    // IAM completes a shortened ARN, which may then stand for much; `*` stands for everything.
    if resources.iter().any(|resource| resource.as_written().matches(':').count() < 5) {
        return Vec::new();
    }
    let patterns = resources.iter().map(|resource| resource.widest()).collect();
    let mut scope = Resources { patterns, reached: HashMap::new() };
    let mut found = Vec::new();
    for name in actions {
        // What the catalogue does not know is reported as unknown.
        let Ok(meant) = expand(name) else { continue };
        if meant.iter().any(|action| scope.reaches(action)) {
            continue;
        }
        let mut takes: Vec<&str> =
            meant.iter().flat_map(|action| action.resource_types()).map(|(name, _)| name).collect();
        takes.sort_unstable();
        takes.dedup();
        found.push(IneffectiveScope {
            source: Source::of(&statement.place),
            effect: statement.effect,
            action: name.clone(),
            resources: resources.iter().map(|resource| resource.as_written().to_owned()).collect(),
            takes,
        });
    }
    found
}

/// The resources of a statement, and which types of resources are among them as far as was asked.
struct Resources<'a> {
    patterns: Vec<&'a Pattern>,
    reached: HashMap<(&'static str, &'static str), bool>,
}

impl Resources<'_> {
    /// Whether the action can be done to anything that is named here. A type that the catalogue does not describe
    /// counts as named.
    fn reaches(&mut self, action: &Action) -> bool {
        let service = action.service();
        let patterns = &self.patterns;
        let reached = &mut self.reached;
        action.resource_types().any(|(name, _)| {
            *reached.entry((service, name)).or_insert_with(|| {
                let known = catalog::service(service).and_then(|service| service.resource_type(name));
                known.is_none_or(|known| {
                    known
                        .arns()
                        .map(|format| Format::new(&format))
                        .any(|format| patterns.iter().any(|pattern| format.overlaps(pattern)))
                })
            })
        })
    }
}
