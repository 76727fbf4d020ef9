//! Which action can be limited to which resource.
//!
//! Owns the comparison of a user's ARNs with the forms of ARN of AWS's types of resources. Never widens: an action that
//! fits none of the resources is set apart.

use iam_policy::Pattern;
use iam_policy::catalog::{self, Action};
use iam_policy::pattern::{Search, find};
use std::collections::{BTreeMap, BTreeSet};

/// Actions by the resources that they go on.
#[derive(Debug, Default)]
pub(crate) struct Narrowed {
    /// The actions that go on the same resources.
    pub(crate) groups: BTreeMap<Vec<String>, Vec<&'static Action>>,
    /// Actions that no statement can limit to a resource.
    pub(crate) unscoped: Vec<&'static Action>,
    /// Actions that are done to other types of resources.
    pub(crate) out_of_scope: Vec<&'static Action>,
    /// Resources that no action goes on.
    pub(crate) unused: Vec<String>,
}

impl Narrowed {
    /// All actions on everything.
    pub(crate) fn on_everything(actions: Vec<&'static Action>) -> Self {
        Self { groups: BTreeMap::from([(vec!["*".to_owned()], actions)]), ..Self::default() }
    }
}

/// Puts each action on those resources that it can be limited to.
///
/// Rule: an action can be limited to resources of the types that AWS lists for it (Service Authorization Reference,
/// "Actions table").
pub(crate) fn narrow(actions: Vec<&'static Action>, resources: &[String]) -> Narrowed {
    let mut narrowed = Narrowed::default();
    let mut types_of: BTreeMap<&str, Vec<BTreeSet<&str>>> = BTreeMap::new();
    for action in actions {
        if !action.takes_resource() {
            narrowed.unscoped.push(action);
            continue;
        }
        let types = types_of
            .entry(action.service())
            .or_insert_with(|| resources.iter().map(|resource| types(action.service(), resource)).collect());
        let fits = |types: &BTreeSet<&str>| action.resource_types().any(|(name, _)| types.contains(name));
        let fitting: Vec<String> = resources
            .iter()
            .zip(types.iter())
            .filter(|(_, types)| fits(types))
            .map(|(resource, _)| resource.clone())
            .collect();
        match fitting.as_slice() {
            [] => narrowed.out_of_scope.push(action),
            _ => narrowed.groups.entry(fitting).or_default().push(action),
        }
    }
    let is_used = |resource: &String| narrowed.groups.keys().any(|used| used.contains(resource));
    narrowed.unused = resources.iter().filter(|resource| !is_used(resource)).cloned().collect();
    narrowed
}

/// The types of a service's resources that an ARN with wildcards may be of.
///
/// A placeholder of a form stands for any text, so that `bucket`'s `arn:${Partition}:s3:::${BucketName}` also fits
/// every object's ARN. Of the forms that fit all that the ARN stands for, the most special ones therefore count.
fn types(service: &str, resource: &str) -> BTreeSet<&'static str> {
    let resource = Pattern::arn(&wildcards(resource));
    let mut whole: Vec<(&str, Pattern)> = Vec::new();
    let mut found = BTreeSet::new();
    for one in catalog::service(service).into_iter().flat_map(|service| service.resource_types()) {
        for form in one.arns().map(|arn| Pattern::arn(&wildcards(&arn))) {
            if form.covers(&resource) {
                whole.push((one.name(), form));
            } else if find(&[&form, &resource], &[]) != Search::Empty {
                found.insert(one.name());
            }
        }
    }
    let is_special = |form: &Pattern| !whole.iter().any(|(_, other)| form != other && form.covers(other));
    found.extend(whole.iter().filter(|(_, form)| is_special(form)).map(|(name, _)| *name));
    found
}

/// The text with every `${…}` as a `*`.
pub(super) fn wildcards(text: &str) -> String {
    let mut parts = text.split("${");
    let mut pattern = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        pattern.push('*');
        pattern.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(names: &[&str]) -> Vec<&'static Action> {
        names.iter().map(|name| catalog::action(name).unwrap()).collect()
    }

    fn narrowed(names: &[&str], resources: &[&str]) -> Narrowed {
        let resources: Vec<String> = resources.iter().map(|&resource| resource.to_owned()).collect();
        narrow(actions(names), &resources)
    }

    #[test]
    fn an_object_is_no_bucket_and_everything_of_s3_is_both() {
        let objects = "arn:aws:s3:::state/*";
        let split = narrowed(
            &["s3:GetObject", "s3:ListBucket", "s3:ListAllMyBuckets"],
            &["arn:aws:s3:::state", objects],
        );
        assert_eq!(split.groups[&vec![objects.to_owned()]], actions(&["s3:GetObject"]));
        assert_eq!(split.groups[&vec!["arn:aws:s3:::state".to_owned()]], actions(&["s3:ListBucket"]));
        assert_eq!(split.unscoped, actions(&["s3:ListAllMyBuckets"]));
        let both = narrowed(&["s3:GetObject", "s3:ListBucket"], &["arn:aws:s3:::*"]);
        assert_eq!(both.groups.len(), 1);
        assert!(both.out_of_scope.is_empty());
    }

    #[test]
    fn what_is_done_to_other_resources_is_set_apart() {
        let split = narrowed(&["sqs:SendMessage", "s3:GetObject"], &["arn:aws:s3:::state/${aws:username}/*"]);
        assert_eq!(split.out_of_scope, actions(&["sqs:SendMessage"]));
        assert!(split.unused.is_empty());
    }

    #[test]
    fn a_resource_without_an_action_is_named() {
        let split = narrowed(&["s3:GetObject"], &["arn:aws:s3:::state", "arn:aws:s3:::state/*"]);
        assert_eq!(split.unused, ["arn:aws:s3:::state"]);
    }
}
