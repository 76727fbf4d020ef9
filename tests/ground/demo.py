"""`make demo`: real Terraform gives an account its runner on an AWS that enforces IAM, and everybody tries their luck.

Starts an emulator, fills an account with what there is to break and to steal, applies `examples/quickstart`, prints who
was allowed what, destroys, and checks that nothing is left. With `--all` the same for `tests/ground/shown`, which has
what the quickstart has not. Exits with 1 when any line is not as it should be. Leaves nothing running and no file behind.

Owns the order of events. What is tried is in `attempts/`.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import layout
from attempts import applier, builder, entering, planner, table
from attempts.account import Account, furnish
from attempts.aws import REGION, Aws, root
from attempts.entering import Roles
from attempts.table import Turn
from workspace import Emulator, TerraformFailed, Workspace

Outputs = dict[str, str]


@dataclass(frozen=True)
class Part:
    """A configuration, the account it is for, and what is tried once it is applied."""

    folder: Path
    account: str
    turns: Callable[[Aws, Account, Outputs], Iterator[Turn]]


def quickstart(aws: Aws, account: Account, outputs: Outputs) -> Iterator[Turn]:
    """GitHub's runners at the doors, then the sessions that they get."""
    roles = Roles(*(outputs[f"{task}_role_arn"] for task in ("planner", "applier", "builder")))
    yield Turn("Jobs of CI", None, entering.attempts(aws, roles))
    for who, arn, subject, tries in (
        ("The planner, in the hands of a pull request", roles.planner, entering.PULL_REQUEST, planner.attempts),
        ("The applier, on the main branch", roles.applier, entering.MAIN_BRANCH, applier.attempts),
        ("The builder, on the main branch", roles.builder, entering.MAIN_BRANCH, builder.attempts),
    ):
        yield Turn(who, entering.session(aws, arn, subject), tries(account, roles))


QUICKSTART = Part(layout.ROOT / "examples" / "quickstart", "111111111111", quickstart)


def demonstrate(provider: Path, parts: list[Part]) -> bool:
    """Whether everything was as it should be."""
    say("starting an AWS emulator that enforces IAM (ministack, loopback only)")
    with Emulator() as emulator:
        return all([play(provider, emulator.endpoint, part) for part in parts])


def play(provider: Path, endpoint: str, part: Part) -> bool:
    """One part, from an account without a runner to one without a runner."""
    aws = Aws(endpoint)
    account = furnish(aws, part.account)
    before = inventory(aws, part.account)
    with Workspace({"deployrunner/deployrunner": provider.parent}, environment(endpoint, part.account)) as workspace:
        for file in part.folder.glob("*.tf"):
            shutil.copy(file, workspace.folder)
        options = ("-input=false", "-no-color")
        say(f"terraform apply, on {part.folder.name}, with Terraform {layout.TERRAFORM_VERSIONS[-1]}")
        workspace.run("apply", "-auto-approve", *options)
        said = json.loads(workspace.run("output", "-json"))
        say("everybody tries what they can")
        right = table.show(aws, part.turns(aws, account, {name: output["value"] for name, output in said.items()}))
        say("terraform plan: nothing to change, so nobody has changed a role")
        workspace.run("plan", "-detailed-exitcode", *options)
        say("terraform destroy")
        workspace.run("destroy", "-auto-approve", *options)
    left = inventory(aws, part.account) ^ before
    say(f"left in the account: {', '.join(sorted(left)) or 'nothing'}")
    return right and not left


def environment(endpoint: str, account: str) -> dict[str, str]:
    keys = root(account)
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL_IAM": endpoint,
        "AWS_ENDPOINT_URL_STS": endpoint,
    }


def inventory(aws: Aws, account: str) -> set[str]:
    """Every role, policy, user and identity provider of the account."""
    iam = aws.client("iam", root(account))
    lists = (
        iam.list_roles()["Roles"],
        iam.list_policies(Scope="Local")["Policies"],
        iam.list_users()["Users"],
        iam.list_open_id_connect_providers()["OpenIDConnectProviderList"],
    )
    return {entry["Arn"] for entries in lists for entry in entries}


def say(step: str) -> None:
    print(f"demo: {step}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Shows a runner's roles at work on an emulator of AWS.")
    parser.add_argument("provider", type=Path, help="the provider's binary")
    parser.add_argument("--all", action="store_true", help="also what the quickstart does not have")
    arguments = parser.parse_args()
    try:
        right = demonstrate(arguments.provider.resolve(), [QUICKSTART])
    except TerraformFailed as error:
        print(f"demo: this failed:\n{error}", file=sys.stderr)
        return 1
    say("every answer was as it should be" if right else "NOT every answer was as it should be")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
