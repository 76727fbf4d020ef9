//! How ECS names what deployments and runs are about, in the ARNs that IAM compares. Never decides what is allowed.

use iam_policy::Arn;
use std::collections::BTreeSet;

/// The service that takes the roles of tasks, in every partition.
pub(super) const TASKS: &str = "ecs-tasks.amazonaws.com";

/// The patterns of ARNs that IAM may compare where these task definitions are meant.
///
/// A call may name a family with a revision or without; IAM compares what the call has, so that a pattern `family:*`
/// alone refuses calls that leave the revision to ECS. A task definition with a revision is that one alone.
pub(super) fn task_definitions<'a>(arns: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let patterns = arns.into_iter().flat_map(|arn| match revision(arn) {
        Some((family, "*")) => with_revisions(family),
        Some(_) => vec![arn.to_owned()],
        None => with_revisions(arn),
    });
    patterns.collect()
}

fn with_revisions(family: &str) -> Vec<String> {
    // A wildcard at the end goes on across the colon.
    if family.ends_with('*') {
        vec![family.to_owned()]
    } else {
        vec![family.to_owned(), format!("{family}:*")]
    }
}

/// The ARN of the family, and the revision, if there is one.
fn revision(arn: &str) -> Option<(&str, &str)> {
    let (_, name) = arn.split_once(":task-definition/")?;
    let (_, revision) = name.split_once(':')?;
    Some((arn.strip_suffix(revision)?.strip_suffix(':')?, revision))
}

/// The cluster of a service, if its ARN names one.
pub(super) fn cluster_of(service: &str) -> Option<String> {
    let (cluster, _) = service_path(service)?.split_once('/')?;
    sibling(service, &format!("cluster/{cluster}"))
}

/// The deployments of a service.
pub(super) fn deployments_of(service: &str) -> Option<String> {
    let path = service_path(service)?;
    let cluster = if path.contains('/') { "" } else { "*/" };
    sibling(service, &format!("service-deployment/{cluster}{path}/*"))
}

/// The tasks in the account and region of a cluster, in both forms of their ARNs: the old one leaves the cluster out, so
/// the cluster has to be a condition.
pub(super) fn tasks_beside(cluster: &str) -> Option<String> {
    sibling(cluster, "task/*")
}

fn service_path(service: &str) -> Option<&str> {
    service.split_once(":service/").map(|(_, path)| path)
}

/// Another resource in the same account and region.
fn sibling(arn: &str, resource: &str) -> Option<String> {
    let arn = Arn::parse(arn).ok()?;
    Some(format!("arn:{}:ecs:{}:{}:{resource}", arn.partition(), arn.region(), arn.account()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(resource: &str) -> String {
        format!("arn:aws:ecs:eu-west-1:111122223333:{resource}")
    }

    #[test]
    fn a_family_is_named_with_and_without_revisions_and_a_revision_alone() {
        let patterns = |name: &str| {
            let arn = arn(&format!("task-definition/{name}"));
            let names = task_definitions([arn.as_str()]).into_iter();
            names.map(|arn| arn.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(patterns("api"), ["api", "api:*"]);
        assert_eq!(patterns("api:*"), ["api", "api:*"]);
        assert_eq!(patterns("api:7"), ["api:7"]);
        assert_eq!(patterns("app-*"), ["app-*"]);
        assert_eq!(patterns("*"), ["*"]);
    }

    #[test]
    fn a_service_of_the_old_form_names_no_cluster() {
        assert_eq!(cluster_of(&arn("service/prod/api")), Some(arn("cluster/prod")));
        assert_eq!(cluster_of(&arn("service/api")), None);
        assert_eq!(deployments_of(&arn("service/prod/api")), Some(arn("service-deployment/prod/api/*")));
        assert_eq!(deployments_of(&arn("service/api")), Some(arn("service-deployment/*/api/*")));
        assert_eq!(tasks_beside(&arn("cluster/prod")), Some(arn("task/*")));
    }
}
