//! `trust-confused-deputy`: an AWS service may use the role for anybody's resources.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule, trusting};
use crate::trust::entrance::{Entrance, Who, is_negated, ways};
use iam_policy::{Caller, Context, Pattern, Scalar};

pub(super) const RULE: Rule = Rule {
    name: "trust-confused-deputy",
    level: Level::Deny,
    summary: "A trust policy lets an AWS service use the role for resources of any account",
    title: "Confused deputy",
    prose: "\
A statement trusts an AWS service that says for which resource it acts, and does not ask whose resource that is; or, for \
Amazon ECS, it asks for a cluster, which ECS does not tell.

A service acts for all of its customers. If the role does not look at `aws:SourceAccount`, `aws:SourceArn`, \
`aws:SourceOrgID` or `aws:SourceOrgPaths`, a resource in somebody else's account may be able to make the service use it \
(IAM User Guide, \"The confused deputy problem\").

The rule knows the services whose documentation shows these keys in the trust policy of a role: AWS Batch, Amazon Bedrock, \
AWS CodeBuild, AWS Config, Amazon ECS tasks, Amazon EMR, Amazon EventBridge Pipes and Scheduler, AWS Fault Injection \
Service, Amazon SageMaker AI, AWS Step Functions, AWS Systems Manager, AWS Transfer Family, VPC flow logs. Others are left \
alone, `lambda.amazonaws.com` and `ec2.amazonaws.com` among them: handing them a role takes `iam:PassRole` in the role's own \
account, and Amazon EC2 sends none of the keys, so that a condition on them would lock the role.

For `ecs-tasks.amazonaws.com` AWS supports `aws:SourceArn` only with a wildcard, `arn:aws:ecs:<region>:<account>:*` (Amazon \
ECS Developer Guide, \"Amazon ECS task IAM role\"). The ARN of a cluster is never met.

## What to write instead

```hcl
trust = {
  services = [{ service = \"ecs-tasks.amazonaws.com\" }]
}
```

binds the role's own account by itself. In a policy written by hand: `StringEquals` on `aws:SourceAccount`.
",
    yields: false,
    find,
};

/// Services whose documentation shows the keys in the trust policy of a role, each with the prefix of its ARNs.
const DEPUTIES: &[(&str, &str)] = &[
    ("batch", "batch"),
    ("bedrock", "bedrock"),
    ("codebuild", "codebuild"),
    ("config", "config"),
    (ECS_TASKS, "ecs"),
    ("elasticmapreduce", "elasticmapreduce"),
    ("fis", "fis"),
    ("pipes", "pipes"),
    ("sagemaker", "sagemaker"),
    ("scheduler", "scheduler"),
    ("ssm", "ssm"),
    ("states", "states"),
    ("transfer", "transfer"),
    ("vpc-flow-logs", "ec2"),
];

const ECS_TASKS: &str = "ecs-tasks";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for entrance in trusting::passable(judged) {
        let Who::Service(service) = entrance.who else { continue };
        let name = service.split('.').next().unwrap_or_default();
        let Some((_, prefix)) = DEPUTIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            continue;
        };
        if let Some(cluster) = cluster(&entrance, name) {
            found.push(of_cluster(judged, &entrance, &cluster));
        } else if let Some(arn) = stranger(&entrance, judged.role.home.partition, prefix) {
            found.push(of_stranger(judged, &entrance, &arn));
        }
    }
}

fn of_stranger(judged: &Judged<'_>, entrance: &Entrance<'_>, arn: &str) -> Finding {
    let account = judged.role.home.account_id;
    trusting::finding(
        judged,
        entrance,
        (
            format!("trusts {} for the resources of any account", trusting::spoken(entrance.who)),
            Some(format!("the service on behalf of `{arn}`")),
        ),
        (
            "Somebody else's resource could make the service act with this role.",
            format!(
                "Add `StringEquals` on `aws:SourceAccount` with `{account}`; an entry of `services` does that by itself."
            ),
        ),
    )
}

fn of_cluster(judged: &Judged<'_>, entrance: &Entrance<'_>, cluster: &str) -> Finding {
    let home = judged.role.home;
    trusting::finding(
        judged,
        entrance,
        (format!("asks for the cluster `{cluster}` as `aws:SourceArn`, which ECS never sends"), None),
        (
            "No task can be given the role, and what fails closed is usually mended by opening it too far.",
            format!(
                "Write `arn:{}:ecs:<region>:{}:*`, and `aws:SourceAccount`.",
                home.partition, home.account_id
            ),
        ),
    )
}

/// The ARN of a cluster that is asked for, where the service is ECS.
fn cluster(entrance: &Entrance<'_>, service: &str) -> Option<String> {
    let asked = entrance.conditions("aws:SourceArn").filter(|condition| !is_negated(&condition.operator));
    let mut values = asked.flat_map(|condition| condition.values.iter()).map(Scalar::to_text);
    values.find(|arn| service.eq_ignore_ascii_case(ECS_TASKS) && arn.contains(":cluster/"))
}

/// A resource of a stranger for which the service gets in.
fn stranger(entrance: &Entrance<'_>, partition: &str, prefix: &str) -> Option<String> {
    let Who::Service(service) = entrance.who else { return None };
    let account = trusting::STRANGER;
    let any = format!("arn:{partition}:{prefix}:us-east-1:{account}:anything");
    let of_account = Pattern::arn(&format!("arn:*:*:*:{account}:?*"));
    let asked = ways(entrance, "aws:SourceArn");
    let fitting = asked.iter().find_map(|way| trusting::matching(way, &of_account));
    let arn = fitting.unwrap_or(any);
    let organization = trusting::STRANGE_ORGANIZATION;
    let context = Context::partial()
        .with("aws:SourceAccount", [account])
        .with("aws:SourceArn", [arn.as_str()])
        .with("aws:SourceOrgID", [organization])
        .with("aws:SourceOrgPaths", [format!("{organization}/r-else/ou-else/")]);
    entrance.admits(&Caller::Service { name: service.to_owned() }, &context).then_some(arn)
}
