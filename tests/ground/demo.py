"""`make demo`: real Terraform creates the quickstart's roles on an AWS that enforces IAM, and CI tries its luck.

Starts an emulator, applies `examples/quickstart`, prints who was allowed what, destroys, and checks that nothing
is left. Exits with 1 when any line is not as it should be. Leaves nothing running and no file behind.

Of the example it needs the outputs `planner_role_arn` and `applier_role_arn`, roles that trust GitHub's tokens.
"""

import argparse
import json
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

import layout
from workspace import REGION, Emulator, TerraformFailed, Workspace

ACCOUNT = "111111111111"
ISSUER = "token.actions.githubusercontent.com"
PULL_REQUEST = "repo:acme/infra-live:pull_request"
MAIN_BRANCH = "repo:acme/infra-live:ref:refs/heads/main"
FORK = "repo:mallory/infra-live:ref:refs/heads/main"

ALLOWED, REFUSED = "allowed", "refused"


@dataclass(frozen=True)
class Attempt:
    """One line of the table: somebody tries something, and what AWS should answer."""

    who: str
    what: str
    call: Callable[[], object]
    expected: str

    def answer(self) -> str:
        try:
            self.call()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
                return REFUSED
            raise
        return ALLOWED


class Aws:
    """Clients of the emulator for anybody with keys."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def client(self, service: str, keys: dict[str, str] | None = None) -> BaseClient:
        """A client for the account's root, or for the session whose credentials are given."""
        keys = keys or {"AccessKeyId": ACCOUNT, "SecretAccessKey": "test"}
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def enter(self, role_arn: str, subject: str) -> dict[str, str]:
        """The session that GitHub's token for `subject` gets from the role."""
        answer = self.client("sts").assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName="demo", WebIdentityToken=self.github_token(subject)
        )
        return answer["Credentials"]

    def github_token(self, subject: str) -> str:
        """A token as GitHub Actions gets it, signed by a stand-in for GitHub that the emulator knows."""
        issuer = f"https://{ISSUER}"
        claims = {"iss": issuer, "aud": "sts.amazonaws.com", "sub": subject, "exp": int(time.time()) + 300}
        asked = json.dumps({"claims": claims, "signed_by": issuer}).encode()
        with urllib.request.urlopen(f"{self._endpoint}/_ground/tokens", data=asked) as answer:
            return json.load(answer)["token"]


def furnish(aws: Aws) -> None:
    """What an account has before the roles: GitHub as an identity provider, and something to break."""
    aws.client("iam").create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"])
    aws.client("s3").create_bucket(Bucket="acme-production")


def attempts(aws: Aws, planner: str, applier: str) -> Iterator[Attempt]:
    """The lines in order; each is tried before the next is made, so later ones can use earlier sessions."""
    entering = "assume the {} role"
    yield Attempt("a pull request", entering.format("planner"), lambda: aws.enter(planner, PULL_REQUEST), ALLOWED)
    yield Attempt("a pull request", entering.format("applier"), lambda: aws.enter(applier, PULL_REQUEST), REFUSED)
    yield Attempt("the main branch", entering.format("applier"), lambda: aws.enter(applier, MAIN_BRANCH), ALLOWED)
    yield Attempt("somebody's fork", entering.format("planner"), lambda: aws.enter(planner, FORK), REFUSED)
    yield Attempt("somebody's fork", entering.format("applier"), lambda: aws.enter(applier, FORK), REFUSED)

    session = aws.enter(planner, PULL_REQUEST)
    buckets, roles = aws.client("s3", session), aws.client("iam", session)
    new_role = {"RoleName": "backdoor", "AssumeRolePolicyDocument": "{}"}
    yield Attempt("the planner", "list the buckets", buckets.list_buckets, ALLOWED)
    yield Attempt("the planner", "create a bucket", lambda: buckets.create_bucket(Bucket="acme-new"), REFUSED)
    yield Attempt("the planner", "delete a bucket", lambda: buckets.delete_bucket(Bucket="acme-production"), REFUSED)
    yield Attempt("the planner", "create a role", lambda: roles.create_role(**new_role), REFUSED)

    session = aws.enter(applier, MAIN_BRANCH)
    buckets, roles = aws.client("s3", session), aws.client("iam", session)
    yield Attempt("the applier", "list the buckets", buckets.list_buckets, ALLOWED)
    yield Attempt("the applier", "create a bucket", lambda: buckets.create_bucket(Bucket="acme-new"), ALLOWED)
    yield Attempt("the applier", "delete a bucket", lambda: buckets.delete_bucket(Bucket="acme-production"), REFUSED)
    yield Attempt("the applier", "create a role", lambda: roles.create_role(**new_role), REFUSED)


def show(lines: Iterator[Attempt]) -> bool:
    """Tries each line and prints it; whether all were answered as expected."""
    print(f"\n  {'who':<16} {'tried to':<24} {'AWS answered':<12}")
    print(f"  {'-' * 16} {'-' * 24} {'-' * 12}")
    right = True
    for line in lines:
        answer = line.answer()
        remark = "" if answer == line.expected else f"   WRONG, should be {line.expected}"
        print(f"  {line.who:<16} {line.what:<24} {answer:<12}{remark}", flush=True)
        right &= answer == line.expected
    print()
    return right


def left_over(aws: Aws) -> list[str]:
    """Roles and policies that are still in the account."""
    iam = aws.client("iam")
    roles = [role["Arn"] for role in iam.list_roles()["Roles"]]
    return roles + [policy["Arn"] for policy in iam.list_policies(Scope="Local")["Policies"]]


def say(step: str) -> None:
    print(f"demo: {step}", flush=True)


def demonstrate(provider: Path, example: Path) -> bool:
    """Whether everything was as it should be."""
    say("starting an AWS emulator that enforces IAM (ministack, loopback only)")
    with Emulator() as emulator:
        aws = Aws(emulator.endpoint)
        furnish(aws)
        environment = {
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_ENDPOINT_URL_IAM": emulator.endpoint,
            "AWS_ENDPOINT_URL_STS": emulator.endpoint,
        }
        with Workspace({"deployrunner/deployrunner": provider.parent}, environment) as workspace:
            for file in example.glob("*.tf"):
                shutil.copy(file, workspace.folder)
            options = ("-auto-approve", "-input=false", "-no-color")
            say(f"terraform apply, on {example.name}, with Terraform {layout.TERRAFORM_VERSIONS[-1]}")
            workspace.run("apply", *options)
            outputs = json.loads(workspace.run("output", "-json"))
            say("terraform plan: nothing to change")
            workspace.run("plan", "-detailed-exitcode", "-input=false", "-no-color")
            say("GitHub's runners, and the sessions they get, try what they can")
            roles = (outputs[name]["value"] for name in ("planner_role_arn", "applier_role_arn"))
            right = show(attempts(aws, *roles))
            say("terraform destroy")
            workspace.run("destroy", *options)
        left = left_over(aws)
        say(f"left in the account: {', '.join(left) or 'nothing'}")
    return right and not left


def main() -> int:
    parser = argparse.ArgumentParser(description="Shows the quickstart's roles at work on an emulator of AWS.")
    parser.add_argument("provider", type=Path, help="the provider's binary")
    parser.add_argument("--example", type=Path, default=layout.ROOT / "examples" / "quickstart")
    arguments = parser.parse_args()
    try:
        right = demonstrate(arguments.provider.resolve(), arguments.example.resolve())
    except TerraformFailed as error:
        print(f"demo: this failed:\n{error}", file=sys.stderr)
        return 1
    say("every answer was as it should be" if right else "NOT every answer was as it should be")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
