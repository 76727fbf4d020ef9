//! What the ARNs of the things that runners work with look like: each a check that says what was found and what to
//! write. Never asks AWS whether a thing exists.
//!
//! Source: Service Authorization Reference, "Resource types" of each service.

use super::Checked;
use iam_policy::Arn;

/// What the ARNs of one type of things look like.
struct Form {
    /// What the ARN is of, with its article.
    what: &'static str,
    service: &'static str,
    /// What the last part begins with.
    prefix: &'static str,
    /// An ARN as it should be.
    example: &'static str,
}

/// Wildcards of ARNs, and what begins a policy variable, which may stand for anything.
const OPEN: [char; 3] = ['*', '?', '$'];

impl Form {
    /// Reads an ARN of this form in an account that is written out.
    fn read(&self, text: &str) -> Result<Arn, String> {
        let wrong = |reason: &str| {
            let Self { what, example, .. } = self;
            Err(format!("The ARN of {what} looks like `{example}`; found {text:?}{reason}."))
        };
        let Ok(arn) = Arn::parse(text) else { return wrong("") };
        let named = arn.resource().strip_prefix(self.prefix).is_some_and(|rest| !rest.is_empty());
        match () {
            () if arn.service() != self.service || !named => wrong(""),
            () if arn.partition().contains(OPEN) => wrong(", which leaves the partition open"),
            () if arn.region().is_empty() => wrong(", which has no region"),
            () if super::account_id(arn.account()).is_err() => {
                wrong(", which has no account: an ID of 12 digits, without wildcards")
            }
            () => Ok(arn),
        }
    }

    /// As [`read`](Self::read), and nothing in it is left open.
    fn read_exact(&self, text: &str) -> Result<Arn, String> {
        let arn = self.read(text)?;
        match text.contains(OPEN) {
            false => Ok(arn),
            true => Err(format!(
                "{} is named without wildcards and variables, as in `{}`; found {text:?}.",
                capitalized(self.what),
                self.example
            )),
        }
    }
}

fn capitalized(what: &str) -> String {
    let mut letters = what.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// The ARN of an ECR repository, or of several by wildcards.
pub fn ecr_repository(text: &str) -> Checked {
    let form = Form {
        what: "an ECR repository",
        service: "ecr",
        prefix: "repository/",
        example: "arn:aws:ecr:eu-west-1:111122223333:repository/team/app",
    };
    form.read(text).map(drop)
}

/// The ARN of an ECS cluster, or of several by wildcards.
pub fn ecs_cluster(text: &str) -> Checked {
    let form = Form {
        what: "an ECS cluster",
        service: "ecs",
        prefix: "cluster/",
        example: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
    };
    form.read(text).map(drop)
}

/// The ARN of an ECS service, in the form that names the cluster or in the old one without it.
///
/// A wildcard needs the form with the cluster: `service/prod*` would match services of the old form by their names, in
/// any cluster. (Amazon ECS developer guide, "Resource-level permissions".)
pub fn ecs_service(text: &str) -> Checked {
    let form = Form {
        what: "an ECS service",
        service: "ecs",
        prefix: "service/",
        example: "arn:aws:ecs:eu-west-1:111122223333:service/prod/api",
    };
    let arn = form.read(text)?;
    let path = arn.resource().strip_prefix(form.prefix).unwrap_or_default();
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [cluster, service] if !cluster.is_empty() && !service.is_empty() => Ok(()),
        [service] if !service.contains(OPEN) => Ok(()),
        [_] => Err(format!(
            "Without a cluster, a wildcard matches services of that name in every cluster. Name the cluster, as in \
             `service/prod/*`; found {text:?}."
        )),
        _ => {
            Err(format!("The ARN of an ECS service ends with `service/<cluster>/<service>`; found {text:?}."))
        }
    }
}

/// The ARN of an ECS task definition: of a family, of one of its revisions, or of several by wildcards.
pub fn ecs_task_definition(text: &str) -> Checked {
    task_definition(text).map(drop)
}

/// The ARN of a family of ECS task definitions, or of several by wildcards: without a revision.
pub fn ecs_task_definition_family(text: &str) -> Checked {
    let arn = task_definition(text)?;
    match arn.resource().split_once(':') {
        None | Some((_, "*")) => Ok(()),
        Some((family, _)) => Err(format!(
            "A new revision has a number that nobody knows yet, so it is the family that is named: end with \
             `{family}`; found {text:?}."
        )),
    }
}

fn task_definition(text: &str) -> Result<Arn, String> {
    let form = Form {
        what: "an ECS task definition",
        service: "ecs",
        prefix: "task-definition/",
        example: "arn:aws:ecs:eu-west-1:111122223333:task-definition/api",
    };
    form.read(text)
}

/// The ARN of a Lambda function, of one of its aliases or versions, or of several by wildcards.
pub fn lambda_function(text: &str) -> Checked {
    let form = Form {
        what: "a Lambda function",
        service: "lambda",
        prefix: "function:",
        example: "arn:aws:lambda:eu-west-1:111122223333:function:deploy-runner",
    };
    form.read(text).map(drop)
}

/// The ARN of a log group of CloudWatch Logs, or of several by wildcards.
pub fn log_group(text: &str) -> Checked {
    let form = Form {
        what: "a log group",
        service: "logs",
        prefix: "log-group:",
        example: "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/deploy-runner",
    };
    let arn = form.read(text)?;
    match arn.resource().contains(":log-stream:") {
        false => Ok(()),
        true => {
            Err(format!("Name the log group and not one of its streams: `{}`; found {text:?}.", form.example))
        }
    }
}

/// The ARN of a subnet, or of several by wildcards. A shared subnet has the account that shares it.
pub fn subnet(text: &str) -> Checked {
    let example = "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-0123456789abcdef0";
    Form { what: "a subnet", service: "ec2", prefix: "subnet/", example }.read(text).map(drop)
}

/// The ARN of a security group, or of several by wildcards.
pub fn security_group(text: &str) -> Checked {
    let example = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0";
    Form { what: "a security group", service: "ec2", prefix: "security-group/", example }.read(text).map(drop)
}

/// The ARN of a key pair of EC2, or of several by wildcards. It ends with the name of the pair.
pub fn key_pair(text: &str) -> Checked {
    let example = "arn:aws:ec2:eu-west-1:111122223333:key-pair/image-builds";
    Form { what: "a key pair", service: "ec2", prefix: "key-pair/", example }.read(text).map(drop)
}

/// The ARN of one KMS key. An alias is no resource that KMS checks permissions for.
pub fn kms_key(text: &str) -> Checked {
    let example = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    Form { what: "a KMS key", service: "kms", prefix: "key/", example }.read_exact(text).map(drop)
}

/// The ARN of one DynamoDB table, and not of an index or a stream of it.
pub fn dynamodb_table(text: &str) -> Checked {
    let example = "arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks";
    let form = Form { what: "a DynamoDB table", service: "dynamodb", prefix: "table/", example };
    let arn = form.read_exact(text)?;
    match arn.resource().matches('/').count() {
        1 => Ok(()),
        _ => Err(format!("Name the table and not a part of it: `{example}`; found {text:?}.")),
    }
}

/// The ARN of one role that may be handed to a service.
pub fn passed_role(text: &str) -> Checked {
    super::role_arn(text)?;
    if text.contains(OPEN) {
        return Err(format!(
            "Whoever may hand over any role can become that role, so each is named without wildcards and variables; \
             found {text:?}."
        ));
    }
    match Arn::parse(text) {
        Ok(arn) if super::account_id(arn.account()).is_ok() => Ok(()),
        _ => Err(format!("A role is in an account of 12 digits; found {text:?}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_in_names_and_regions_and_never_in_accounts_or_partitions() {
        for good in
            ["arn:aws:ecr:*:111122223333:repository/*", "arn:aws-cn:ecr:cn-north-1:111122223333:repository/a"]
        {
            assert_eq!(ecr_repository(good), Ok(()));
        }
        for (bad, reason) in [
            ("arn:aws:ecr:eu-west-1:*:repository/a", "12 digits"),
            ("arn:*:ecr:eu-west-1:111122223333:repository/a", "partition"),
            ("arn:aws:ecr::111122223333:repository/a", "no region"),
            ("arn:aws:ecr:eu-west-1:111122223333:repository/", "looks like"),
            ("arn:aws:s3:::repository/a", "looks like"),
            ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a", "looks like"),
            ("*", "looks like"),
        ] {
            assert!(ecr_repository(bad).unwrap_err().contains(reason), "{bad}");
        }
    }

    #[test]
    fn a_service_may_leave_its_cluster_out_but_then_has_no_wildcard() {
        let check = |name: &str| ecs_service(&format!("arn:aws:ecs:eu-west-1:111122223333:service/{name}"));
        for good in ["prod/api", "prod/*", "*/api", "api"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, reason) in
            [("*", "every cluster"), ("prod*", "every cluster"), ("a/b/c", "ends with"), ("/a", "ends with")]
        {
            assert!(check(bad).unwrap_err().contains(reason), "{bad}");
        }
    }

    #[test]
    fn a_family_has_no_revision() {
        let check = |name: &str| {
            ecs_task_definition_family(&format!("arn:aws:ecs:eu-west-1:111122223333:task-definition/{name}"))
        };
        assert_eq!((check("api"), check("api:*")), (Ok(()), Ok(())));
        assert!(check("api:7").unwrap_err().contains("end with `task-definition/api`"));
    }

    #[test]
    fn a_table_is_named_exactly_and_as_a_whole() {
        let check =
            |name: &str| dynamodb_table(&format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"));
        assert_eq!(check("terraform-locks"), Ok(()));
        assert!(check("locks/index/by-owner").unwrap_err().contains("not a part of it"));
        assert!(check("locks-*").unwrap_err().contains("without wildcards"));
        assert!(dynamodb_table("terraform-locks").unwrap_err().contains("looks like"));
    }

    #[test]
    fn a_passed_role_and_a_key_are_named_exactly() {
        let role = |name: &str| passed_role(&format!("arn:aws:iam::111122223333:role/{name}"));
        assert_eq!(role("ci/api-task"), Ok(()));
        for open in ["*", "ci/*", "api-?", "${aws:username}"] {
            assert!(role(open).unwrap_err().contains("without wildcards"), "{open}");
        }
        assert!(passed_role("*").is_err());
        assert!(passed_role("arn:aws:iam::*:role/a").is_err());
        assert!(kms_key("arn:aws:kms:eu-west-1:111122223333:alias/a").is_err());
        assert!(
            kms_key("arn:aws:kms:eu-west-1:111122223333:key/*")
                .unwrap_err()
                .starts_with("A KMS key is named")
        );
    }
}
