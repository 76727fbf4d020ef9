"""`make demo`: real Terraform gives an account its runner on an AWS that enforces IAM, and everybody tries their luck.

Starts an emulator, fills an account with what there is to break and to steal, applies `examples/quickstart`, prints
who was allowed what, destroys, and checks that the account is as it was. With `--all` the same for
`tests/ground/shown`, which has what the quickstart has not. Exits with 1 when any line is not as it should be. Leaves
nothing running and no file behind.

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
from attempts import table, turns
from attempts.account import Account, furnish
from attempts.aws import REGION, Aws, root
from attempts.table import Turn
from attempts.turns import Outputs
from botocore.exceptions import ClientError
from workspace import Emulator, TerraformFailed, Workspace


@dataclass(frozen=True)
class Part:
    """A configuration, the account it is for, and what is tried once it is applied."""

    folder: Path
    account: str
    turns: Callable[[Aws, Account, Outputs], Iterator[Turn]]


QUICKSTART = Part(layout.ROOT / "examples" / "quickstart", "111111111111", turns.quickstart)
SHARED = Part(layout.ROOT / "tests" / "ground" / "shown", "222222222222", turns.shared)


def play(provider: Path, part: Part) -> bool:
    """One part, on an emulator of its own; whether everything was as it should be."""
    say("starting an AWS emulator that enforces IAM (ministack, loopback only)")
    with Emulator() as emulator:
        aws = Aws(emulator.endpoint)
        account = furnish(aws, part.account)
        before = inventory(aws, part.account)
        settings = environment(emulator.endpoint, part.account)
        with Workspace({"deployrunner/deployrunner": provider.parent}, settings) as workspace:
            right = on_configuration(workspace, part, aws, account)
        left = inventory(aws, part.account) ^ before
    say(f"what differs in the account: {', '.join(sorted(left)) or 'nothing'}")
    return right and not left


def on_configuration(workspace: Workspace, part: Part, aws: Aws, account: Account) -> bool:
    """Applies, has everybody try, and destroys; whether every answer was as it should be."""
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
    return right


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
        provider = arguments.provider.resolve()
        right = all([play(provider, part) for part in ([QUICKSTART, SHARED] if arguments.all else [QUICKSTART])])
    except (ClientError, TerraformFailed) as error:
        print(f"demo: this failed:\n{error}", file=sys.stderr)
        return 1
    say("every answer was as it should be" if right else "NOT every answer was as it should be")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
