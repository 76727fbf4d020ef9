//! To which services a role is passed.
//!
//! Owns the service principals that stand in `iam:PassedToService`. Never says who can pass a role.

/// The action that passing a role needs.
pub(super) const ACTION: &str = "iam:PassRole";

/// The principals that a role may be passed to by the actions of each service.
///
/// Source: the documentation of each service, "service role" and "service-linked roles"; IAM User Guide, "Grant a user
/// permissions to pass a role to an AWS service" and "AWS global condition context keys".
const PASSED_TO: &[(&str, &[&str])] = &[
    ("apprunner", &["tasks.apprunner.amazonaws.com", "build.apprunner.amazonaws.com"]),
    ("cloudformation", &["cloudformation.amazonaws.com"]),
    ("codebuild", &["codebuild.amazonaws.com"]),
    ("codepipeline", &["codepipeline.amazonaws.com"]),
    ("ec2", &["ec2.amazonaws.com", "ec2.amazonaws.com.cn", "spotfleet.amazonaws.com"]),
    ("ecs", &["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]),
    ("glue", &["glue.amazonaws.com"]),
    ("lambda", &["lambda.amazonaws.com"]),
    ("sagemaker", &["sagemaker.amazonaws.com"]),
    ("scheduler", &["scheduler.amazonaws.com"]),
];

/// The principals that these actions, `iam:PassRole` among them, may pass a role to; none where that is not known, or
/// where more than one service could be meant.
pub(super) fn services(actions: &[&str]) -> &'static [&'static str] {
    let mut prefixes = actions
        .iter()
        .filter(|action| **action != ACTION)
        .filter_map(|action| action.split_once(':').map(|(prefix, _)| prefix));
    let Some(first) = prefixes.next() else { return &[] };
    if prefixes.any(|other| other != first) {
        return &[];
    }
    PASSED_TO.iter().find(|(prefix, _)| *prefix == first).map_or(&[], |(_, services)| services)
}

#[cfg(test)]
mod tests {
    use super::services;

    #[test]
    fn a_service_is_known_or_nothing_is_said() {
        assert_eq!(
            services(&["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]),
            ["lambda.amazonaws.com"]
        );
        assert!(services(&["iam:PassRole", "lambda:CreateFunction", "dynamodb:PutItem"]).is_empty());
        assert!(services(&["iam:PassRole", "new:Start"]).is_empty());
        assert!(services(&["iam:PassRole"]).is_empty());
    }
}
