"""Who gets into which role of a runner that trusts one repository on GitHub: its pull requests, branches and strangers.

Owns the tokens that jobs come with, and which role each of them is for. Never looks at what a session can do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from attempts.attempt import REFUSED, Attempt, Attempts, may, may_not
from attempts.aws import Aws, Keys

GITHUB = "https://token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
REPOSITORY = "repo:acme/infra-live"
PULL_REQUEST = f"{REPOSITORY}:pull_request"
MAIN_BRANCH = f"{REPOSITORY}:ref:refs/heads/main"
ENTER = "AssumeRoleWithWebIdentity"

# Jobs that may enter the planner and nothing else: code that nobody has reviewed.
UNREVIEWED = {
    "a pull request": PULL_REQUEST,
    "another branch": f"{REPOSITORY}:ref:refs/heads/feature/x",
    "a branch called main-2": f"{REPOSITORY}:ref:refs/heads/main-2",
    "a branch called x/main": f"{REPOSITORY}:ref:refs/heads/x/main",
}

# Jobs that may enter nothing.
STRANGERS = {
    "a fork's main branch": "repo:mallory/infra-live:ref:refs/heads/main",
    "a fork's pull request": "repo:mallory/infra-live:pull_request",
    "another repository": "repo:acme/website:ref:refs/heads/main",
    "a repository of almost that name": "repo:acme/infra-live-2:ref:refs/heads/main",
    "an owner of almost that name": "repo:acme2/infra-live:ref:refs/heads/main",
    "a name in another case": "repo:Acme/infra-live:ref:refs/heads/main",
    "a tag": f"{REPOSITORY}:ref:refs/tags/main",
    "an environment called main": f"{REPOSITORY}:environment:main",
}


@dataclass(frozen=True)
class Roles:
    """ARNs of the roles of a runner that GitHub enters."""

    planner: str
    applier: str
    builder: str

    def named(self) -> Iterator[tuple[str, str]]:
        yield from (("planner", self.planner), ("applier", self.applier), ("builder", self.builder))


def attempts(aws: Aws, roles: Roles) -> Attempts:
    """Everybody at every door."""
    for who, subject in UNREVIEWED.items():
        for role, arn in roles.named():
            yield knock(aws, who, role, arn, subject, welcome=role == "planner")
    for role, arn in roles.named():
        yield knock(aws, "the main branch", role, arn, MAIN_BRANCH, welcome=True)
    for who, subject in STRANGERS.items():
        for role, arn in roles.named():
            yield knock(aws, who, role, arn, subject, welcome=False)
    for role, arn in roles.named():
        yield from with_bad_tokens(aws, role, arn)


def knock(aws: Aws, who: str, role: str, arn: str, subject: str, *, welcome: bool) -> Attempt:
    """A job whose token is good and says whom it runs for."""
    make = may if welcome else may_not
    return make(f"enter the {role} as {who}", "sts", ENTER, **entry(arn, aws.token(GITHUB, subject, AUDIENCE)))


def with_bad_tokens(aws: Aws, role: str, arn: str) -> Iterator[Attempt]:
    """The main branch's token for somebody else, and one that somebody else signed: STS asks no policy about these."""
    elsewhere = aws.token(GITHUB, MAIN_BRANCH, "https://github.com/acme")
    forged = aws.token(GITHUB, MAIN_BRANCH, AUDIENCE, signed_by="https://mallory.example")
    for what, token in (("a token for another audience", elsewhere), ("a forged token", forged)):
        action, refusal = f"sts:{ENTER}", "InvalidIdentityToken"
        yield Attempt(f"enter the {role} with {what}", "sts", ENTER, entry(arn, token), REFUSED, action, refusal)


def entry(role_arn: str, token: str) -> dict[str, str]:
    return {"RoleArn": role_arn, "RoleSessionName": "demo", "WebIdentityToken": token}


def session(aws: Aws, role_arn: str, subject: str) -> Keys:
    """The session that GitHub's job for `subject` gets from the role."""
    sts = aws.client("sts", None)
    return sts.assume_role_with_web_identity(**entry(role_arn, aws.token(GITHUB, subject, AUDIENCE)))["Credentials"]
