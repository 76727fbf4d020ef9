"""Who has a turn at which configuration, with which keys.

Owns the order of the turns. What each of them tries is in the file of that name.
"""

from collections.abc import Iterator
from typing import Any

from attempts import account_planner, applier, builder, callers, entering, others, planner
from attempts.account import ROLE, Account
from attempts.aws import Aws
from attempts.entering import Roles
from attempts.table import Turn

# Of a configuration: output to value.
Outputs = dict[str, Any]


def quickstart(aws: Aws, account: Account, outputs: Outputs) -> Iterator[Turn]:
    """GitHub's jobs at the doors, then the sessions that they get."""
    roles = Roles(*(outputs[f"{task}_role_arn"] for task in ("planner", "applier", "builder")))
    yield Turn("Jobs of CI", None, entering.attempts(aws, roles))
    for who, arn, subject, tries in (
        ("The planner, in the hands of a pull request", roles.planner, entering.PULL_REQUEST, planner.attempts),
        ("The applier, on the main branch", roles.applier, entering.MAIN_BRANCH, applier.attempts),
        ("The builder, on the main branch", roles.builder, entering.MAIN_BRANCH, builder.attempts),
    ):
        yield Turn(who, entering.session(aws, arn, subject), tries(account, roles))


def shared(aws: Aws, account: Account, outputs: Outputs) -> Iterator[Turn]:
    """Roles of several accounts at the doors, then the sessions that they get."""
    callers.furnish(aws)
    arns = outputs["role_arns"]
    roles = Roles(*(arns[task] for task in ("terraform-planner", "terraform-applier", "docker-image-builder")))
    ci = callers.keys(aws, callers.HOME, callers.CI)
    yield Turn("The role of CI, in its own account", ci, callers.trusted(arns))
    for who, home, role in (
        ("Another role of that account", callers.HOME, callers.COLLEAGUE),
        ("A role of that name in another account", callers.ELSEWHERE, callers.CI),
        ("An administrator of the runner's account", account.id, ROLE),
    ):
        yield Turn(who, callers.keys(aws, home, role), callers.strangers(arns))
    yield Turn("Jobs of CI", None, callers.jobs(aws, arns["invoker"]))
    for who, task, tries in (
        ("The planner, which reads the account", "terraform-planner", account_planner.attempts),
        ("The applier", "terraform-applier", others.applier),
        ("The state role", "terraform-state", others.state_role),
        ("The provisioner of the service public-api", "provisioner-public-api", others.provisioner),
    ):
        keys = aws.session(arns[task], ci, ExternalId=callers.EXTERNAL_ID)
        yield Turn(who, keys, tries(account, roles))
    keys = entering.session(aws, arns["invoker"], entering.MAIN_BRANCH)
    yield Turn("The invoker, on the main branch", keys, others.invoker(account, roles))
