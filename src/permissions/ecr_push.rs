//! `ecr_push`: push images to repositories of ECR that exist. Never makes a repository, and never deletes an image.
//!
//! Sources: Amazon ECR user guide, "Required IAM permissions for pushing an image", "Blob mounting in Amazon ECR";
//! Service Authorization Reference, "Amazon Elastic Container Registry".

use super::named::{arns, not_empty, on};
use crate::checks;
use iam_policy::Statement;
use tfplug::diagnostics::Diagnostics;
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Set, optional, required};

/// What gives the password of the registry, with which images are pushed and pulled. It opens what its holder may do there,
/// and has no resource. (Amazon ECR API Reference, "GetAuthorizationToken".)
pub(crate) const LOGIN: &str = "ecr:GetAuthorizationToken";

object! {
    /// Push images to repositories of Amazon ECR that exist, and see which tags they have. Making repositories and deleting images are not part of it, and a tag is replaced only where the repository's tags are mutable. The password for the registry (`ecr:GetAuthorizationToken`) cannot be limited to a repository; what it opens is.
    pub struct EcrPush {
        /// ARNs of the repositories to push to, such as `arn:aws:ecr:eu-west-1:111122223333:repository/team/app`. Region and name may have wildcards, as in `repository/team/*`. A repository of another account has to allow the push in its own policy too.
        pub repository_arns: Set<String> = required().check_each(checks::arns::ecr_repository),
        /// ARNs of repositories whose images may be pulled: base images of the builds, repositories that share layers with the pushed ones where the registry has blob mounting turned on, and the repositories of `repository_arns` themselves where builds use what was pushed before as a cache.
        pub pull_repository_arns: Set<String> = optional().check_each(checks::arns::ecr_repository),
    }
}

/// Pushing, and looking at what is there: clients ask for a manifest before they send it, and for a tag.
const PUSH: [&str; 7] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// Pulling. Mounting a layer of another repository takes the download of it there.
const PULL: [&str; 3] =
    ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/// Adds what would allow nothing.
pub fn validate(section: &EcrPush, path: &Path, found: &mut Diagnostics) {
    let EcrPush { repository_arns, pull_repository_arns } = section;
    not_empty(
        &[(repository_arns, "repository_arns"), (pull_repository_arns, "pull_repository_arns")],
        path,
        found,
    );
}

/// The statements, in stable order.
///
/// INVARIANT: `section` is wholly known.
pub fn statements(section: &EcrPush) -> Vec<Statement> {
    let push = on(Statement::allow(PUSH).sid("EcrPush"), arns(&section.repository_arns));
    let pulled = arns(&section.pull_repository_arns);
    let pull = (!pulled.is_empty()).then(|| on(Statement::allow(PULL).sid("EcrPull"), pulled));
    let login = Statement::allow([LOGIN]).sid("EcrLogin").resource("*");
    [login, push].into_iter().chain(pull).collect()
}

#[cfg(test)]
mod tests {
    use super::super::probe::{Probe, set};
    use super::*;
    use tfplug::schema::Attr;

    const APP: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/team/app";
    const BASE: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/base";

    fn probe(pull: bool) -> Probe {
        let pull_repository_arns = if pull { set(&[BASE]) } else { Attr::Null };
        Probe::of(statements(&EcrPush { repository_arns: set(&[APP]), pull_repository_arns }))
    }

    #[test]
    fn images_are_pushed_to_the_named_repositories_alone() {
        let probe = probe(true);
        for action in PUSH {
            assert!(probe.allows(action, APP), "{action}");
            assert!(
                !probe.allows(action, "arn:aws:ecr:eu-west-1:111122223333:repository/team/app2"),
                "{action}"
            );
        }
        assert!(probe.allows("ecr:GetAuthorizationToken", "*"));
        assert!(!probe.allows("ecr:PutImage", BASE));
    }

    #[test]
    fn repositories_are_neither_made_nor_changed_and_images_not_deleted() {
        for action in
            ["ecr:CreateRepository", "ecr:BatchDeleteImage", "ecr:SetRepositoryPolicy", "ecr:TagResource"]
        {
            assert!(!probe(true).allows(action, APP), "{action}");
        }
    }

    #[test]
    fn layers_are_downloaded_from_where_images_may_be_pulled_alone() {
        assert!(probe(true).allows("ecr:GetDownloadUrlForLayer", BASE));
        assert!(!probe(true).allows("ecr:GetDownloadUrlForLayer", APP));
        assert!(!probe(false).allows("ecr:GetDownloadUrlForLayer", BASE));
    }

    #[test]
    fn every_action_is_known_and_can_be_limited_as_it_is() {
        probe(true).assert_scopes_have_effect();
    }

    #[test]
    fn an_empty_set_is_refused_where_it_stands() {
        let mut found = Diagnostics::new();
        let section = EcrPush { repository_arns: set(&[]), pull_repository_arns: set(&[]) };
        validate(&section, &Path::attribute("ecr_push"), &mut found);
        let places: Vec<String> = found.iter().map(|one| one.path.clone().unwrap().to_string()).collect();
        assert_eq!(places, ["ecr_push.repository_arns", "ecr_push.pull_repository_arns"]);
    }
}
