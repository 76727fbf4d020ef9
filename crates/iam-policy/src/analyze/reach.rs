//! To which of a statement's resources an action can be done at all.
//!
//! Owns the comparison of resources with the ARN formats of the catalogue. Never decides a request.
//! Source: Service Authorization Reference, "Actions table" and "Resource types table".

use crate::{
    Scope,
    catalog::{self, Action},
    pattern::{self, Pattern},
    policy_set::{CompiledStatement, ResourcePattern},
};

/// How many places of patterns are looked at for one comparison. Those of real policies take some hundreds, and it is
/// asked for every action and resource.
const EFFORT: usize = 1_000;

/// What an action can be done to.
pub(super) struct Reach {
    /// `None` if the catalogue does not say.
    formats: Option<Vec<Format>>,
}

impl Reach {
    /// An action of one service without resource types needs `*`, says the reference; some are known to look at ARNs of
    /// their service all the same, so these count.
    pub(super) fn of(action: &Action) -> Self {
        let Some(service) = catalog::service(action.service()) else { return Self { formats: None } };
        let mut formats = Vec::new();
        for (name, _) in action.resource_types() {
            let Some(known) = service.resource_type(name) else { return Self { formats: None } };
            formats.extend(known.arns().map(|format| Format::new(&format)));
        }
        if formats.is_empty() {
            let of_types = service.resource_types().iter().flat_map(catalog::ResourceType::arns);
            let owners = of_types.filter_map(|format| Some(format.split(':').nth(2)?.to_owned()));
            let mut owners: Vec<String> = owners.chain([service.prefix().to_owned()]).collect();
            owners.sort_unstable();
            owners.dedup();
            formats.extend(owners.iter().map(|owner| Format::new(&format!("arn:*:{owner}:*:*:*"))));
        }
        Self { formats: Some(formats) }
    }

    /// The same by the action's name; one that the catalogue does not know could be done to anything.
    pub(super) fn of_name(action: &str) -> Self {
        catalog::action(action).map_or(Self { formats: None }, Self::of)
    }

    /// Whether the action can be done to anything that the statement is about. All but some resources always count.
    pub(super) fn meets(&self, statement: &CompiledStatement) -> bool {
        match &statement.resources {
            Some(Scope::Only(patterns)) => patterns.iter().any(|pattern| self.includes(pattern)),
            Some(Scope::Except(_)) | None => true,
        }
    }

    /// The statement about those of its resources that the action can be done to.
    pub(super) fn part_of(&self, statement: &CompiledStatement) -> CompiledStatement {
        let Some(Scope::Only(patterns)) = &statement.resources else { return statement.clone() };
        let within = patterns.iter().filter(|pattern| self.includes(pattern)).cloned();
        statement.on(Scope::Only(within.collect()))
    }

    /// Whether the action can be done to anything that matches.
    pub(super) fn includes(&self, pattern: &ResourcePattern) -> bool {
        let Some(formats) = &self.formats else { return true };
        if pattern.widest().is_everything() {
            return true;
        }
        let owner = fixed_owner(pattern.as_written());
        let is_whole = pattern.as_written().matches(':').count() >= 5;
        let mut formats = formats.iter();
        formats.any(|format| {
            owner.is_none_or(|owner| owner == format.owner || format.owner.contains('*'))
                // IAM completes a shortened ARN, which may then stand for much.
                && (!is_whole || format.overlaps(pattern.widest()))
        })
    }
}

/// The service in an ARN, if nothing up to it varies.
fn fixed_owner(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(4, ':');
    let (first, partition, owner) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next()?;
    let is_fixed = [first, partition, owner].iter().all(|part| !part.contains(['*', '?', '$']));
    is_fixed.then_some(owner)
}

/// What the ARNs of a resource type look like.
pub(super) struct Format {
    any: Pattern,
    owner: String,
    is_bucket: bool,
}

impl Format {
    /// Reads a format with `${…}` for what varies.
    pub(super) fn new(format: &str) -> Self {
        let any = any_value(format);
        let owner = any.split(':').nth(2).unwrap_or("*").to_owned();
        Self { any: Pattern::arn(&any), owner, is_bucket: format.ends_with(":s3:::${BucketName}") }
    }

    /// Whether some ARN of this format may match; where that takes too long to tell, it counts as one that may. A bucket's
    /// name has no slash, so objects are no buckets; the values of other variables may have any.
    pub(super) fn overlaps(&self, pattern: &Pattern) -> bool {
        let objects = Pattern::new("arn:*:s3:::*/*");
        let none: &[&Pattern] = if self.is_bucket { &[&objects] } else { &[] };
        let mut effort = EFFORT;
        pattern::find_with(&mut effort, &[pattern, &self.any], none) != pattern::Search::Empty
    }
}

/// The format of an ARN with `*` for each `${…}`.
fn any_value(format: &str) -> String {
    let mut pieces = format.split("${");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let behind = piece.split_once('}').map_or("", |(_, behind)| behind);
        format!("{text}*{behind}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Layer, PolicySet, Statement};

    fn reaches(action: &str, resource: &str) -> bool {
        let document = Document::new([Statement::allow(["*"]).resource(resource)]);
        let set = PolicySet::new().identity("p", &document);
        Reach::of_name(action).meets(&set.layer(Layer::Identity).statements()[0])
    }

    #[test]
    fn an_action_reaches_the_resources_of_its_types() {
        assert!(reaches("s3:GetObject", "arn:aws:s3:::b/*"));
        assert!(reaches("s3:GetObject", "arn:*"));
        assert!(reaches("s3:GetObject", "*"));
        assert!(reaches("s3:GetObject", "*b/k"));
        assert!(reaches("iam:PassRole", "arn:aws:iam::111122223333:role/*"));
        assert!(!reaches("s3:ListBucket", "arn:aws:s3:::b/*"));
        assert!(!reaches("iam:PassRole", "arn:aws:s3:::b/*"));
        assert!(!reaches("iam:PassRole", "arn:aws:iam::111122223333:user/*"));
    }

    #[test]
    fn an_action_without_types_reaches_what_is_of_its_service() {
        assert!(reaches("ec2:DescribeInstances", "*"));
        assert!(reaches("s3:ListAllMyBuckets", "arn:aws:s3:::*"));
        assert!(!reaches("ec2:DescribeInstances", "arn:aws:s3:::b/*"));
    }

    #[test]
    fn an_action_that_is_not_known_reaches_anything() {
        assert!(reaches("new:Action", "arn:aws:s3:::b/*"));
    }

    #[test]
    fn a_shortened_arn_may_stand_for_any_resource_of_its_service() {
        assert!(reaches("s3:GetObject", "arn:aws:s3:::*"));
        assert!(reaches("iam:PassRole", "arn:aws:iam"));
        assert!(reaches("iam:PassRole", "arn:aws:iam:*"));
        assert!(!reaches("iam:PassRole", "arn:aws:s3:*"));
    }
}
