"""Who gets into roles that trust a role of another account under an external ID, and into those that do not.

Owns the accounts that callers come from, and what each of them tries at the doors. Never looks at what a session can
do.
"""

from collections.abc import Mapping

from attempts import entering
from attempts.account import document
from attempts.attempt import Attempts, may, may_not
from attempts.aws import Aws, Keys, root

HOME, ELSEWHERE = "333333333333", "444444444444"
CI, COLLEAGUE = "ci-runner", "website-runner"
EXTERNAL_ID = "acme-prod"

# What the role of CI may enter; the builder is for tasks of Amazon ECS and the invoker for GitHub.
OPEN = ("terraform-planner", "terraform-applier", "terraform-state", "provisioner-public-api")
SHUT = ("docker-image-builder", "invoker")


def furnish(aws: Aws) -> None:
    """The callers: roles that may assume whatever trusts them."""
    for account, name in ((HOME, CI), (HOME, COLLEAGUE), (ELSEWHERE, CI)):
        iam = aws.client("iam", root(account))
        trusted = {"Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trusted))
        anything = document({"Action": "sts:AssumeRole", "Resource": "*"})
        iam.put_role_policy(RoleName=name, PolicyName="enter", PolicyDocument=anything)


def keys(aws: Aws, account: str, role: str) -> Keys:
    """A session of a role that its own account trusts."""
    return aws.session(f"arn:aws:iam::{account}:role/{role}", root(account))


def trusted(roles: Mapping[str, str]) -> Attempts:
    """The role that is named in the trust."""
    for task in OPEN:
        yield may(f"enter {task}", "sts", "AssumeRole", **entry(roles[task], EXTERNAL_ID))
        for what, external_id in (("the wrong external ID", "acme-staging"), ("no external ID", None)):
            yield may_not(f"enter {task} with {what}", "sts", "AssumeRole", **entry(roles[task], external_id))
    for task in SHUT:
        yield may_not(f"enter {task}", "sts", "AssumeRole", **entry(roles[task], EXTERNAL_ID))


def strangers(roles: Mapping[str, str]) -> Attempts:
    """Anybody else, although they know the external ID."""
    for task in OPEN + SHUT:
        yield may_not(f"enter {task}", "sts", "AssumeRole", **entry(roles[task], EXTERNAL_ID))


def jobs(aws: Aws, invoker: str) -> Attempts:
    """Jobs of CI at the invoker, in an account whose identity provider takes another audience as well."""
    for who, subject, welcome in (
        ("the main branch", entering.MAIN_BRANCH, True),
        ("a pull request", entering.PULL_REQUEST, False),
        ("another repository", "repo:acme/website:ref:refs/heads/main", False),
    ):
        yield entering.knock(aws, who, "invoker", invoker, subject, welcome=welcome)
    token = aws.token(entering.GITHUB, entering.MAIN_BRANCH, "https://github.com/acme")
    what = "enter the invoker with a token for another audience"
    yield may_not(what, "sts", entering.ENTER, **entering.entry(invoker, token))


def entry(role_arn: str, external_id: str | None) -> dict[str, str]:
    given = {"RoleArn": role_arn, "RoleSessionName": "demo"}
    return given if external_id is None else {**given, "ExternalId": external_id}
