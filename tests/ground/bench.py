"""`make bench`: this provider beside the AWS provider and the null provider, on the same machine in the same run.

First how soon and how large each is at its handshake, then Terraform's apply, refresh-only plan and destroy of 30
accounts with three roles each: wall time, memory of all provider processes together, calls to AWS. Every number
is the median of several runs. Last, this provider alone with a thousand accounts: what one more account takes. Prints
tables and what is to be reached beside them; asserts nothing.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import boto3

import contenders
from contenders import ACCESS_ROLE, ACCOUNTS, MANAGEMENT_ACCOUNT, MANY_ACCOUNTS, ROLES, Contender
from measure import Handshake, Memory, Watch, handshake, host_certificate
from workspace import REGION, Emulator, TerraformFailed, Workspace

STEPS = {
    "apply": ("apply", "-auto-approve", "-input=false", "-no-color"),
    "plan": ("plan", "-refresh-only", "-input=false", "-no-color"),
    "destroy": ("destroy", "-auto-approve", "-input=false", "-no-color"),
}
SECONDS_A_STEP = 900


@dataclass(frozen=True)
class Step:
    """One run of Terraform: how long, how much memory, which calls."""

    seconds: float
    memory: Memory
    calls: Counter[str]


def timed(workspace: Workspace, emulator: Emulator, arguments: tuple[str, ...]) -> Step:
    before = len(emulator.calls())
    started = time.perf_counter()
    with workspace.start(*arguments) as process, Watch(process.pid) as watch:
        process.wait(SECONDS_A_STEP)
        seconds = time.perf_counter() - started
    workspace.check(process)
    calls = Counter(f"{call['service']}:{call['action']}" for call in emulator.calls()[before:])
    return Step(seconds, watch.memory, calls)


def life(contender: Contender) -> dict[str, Step]:
    """Apply, plan and destroy once, against an emulator that has never seen anything."""
    with Emulator() as emulator, Workspace({contender.source: contender.binary.parent}, {}) as workspace:
        open_accounts(emulator.endpoint, ACCOUNTS)
        (workspace.folder / "main.tf").write_text(contender.configuration(emulator.endpoint))
        return {name: timed(workspace, emulator, arguments) for name, arguments in STEPS.items()}


def life_of_many(contender: Contender) -> dict[str, Step]:
    """The same with a thousand accounts and the state in S3: a local one is written whole after each resource, which
    takes Terraform longer than everything else."""
    environment = {"GOGC": "800"}  # each resource makes garbage of all the others
    with Emulator() as emulator, Workspace({contender.source: contender.binary.parent}, environment) as workspace:
        open_accounts(emulator.endpoint, MANY_ACCOUNTS)
        (workspace.folder / "backend.tf").write_text(contenders.s3_backend(emulator.endpoint))
        root(MANAGEMENT_ACCOUNT, "s3", emulator.endpoint).create_bucket(Bucket=contenders.BUCKET)
        workspace.run("init", "-input=false", "-no-color")
        (workspace.folder / "main.tf").write_text(contender.configuration(emulator.endpoint))
        more = ("-parallelism=64",)
        return {name: timed(workspace, emulator, (*arguments, *more)) for name, arguments in STEPS.items()}


def root(account: str, service: str, endpoint: str):
    """A service as the root of an account."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=account,
        aws_secret_access_key="test",
    )


def open_accounts(endpoint: str, accounts: tuple[str, ...]) -> None:
    """In each account the role that Organizations makes there, which the management account may assume."""
    trust = contenders.TRUST.replace(f'"Service": "{contenders.SERVICE}"', f'"AWS": "{MANAGEMENT_ACCOUNT}"')
    everything = contenders.POLICY.replace("s3:ListAllMyBuckets", "*")
    for account in accounts:
        iam = root(account, "iam", endpoint)
        iam.create_role(RoleName=ACCESS_ROLE, AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName=ACCESS_ROLE, PolicyName="all", PolicyDocument=everything)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Prints columns: the first to the left, the others to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for number, line in enumerate(lines):
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print("  " + "  ".join(cells).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
    print(flush=True)


def ratio(theirs: float, own: float) -> str:
    return f"{theirs / own:.1f}x" if own else "-"


def print_handshakes(measured: dict[str, list[Handshake]]) -> None:
    """The first table."""
    middle = {
        name: [statistics.median(getattr(run, field) for run in runs) for field in ("milliseconds", "rss", "pss")]
        for name, runs in measured.items()
    }
    table(
        ("at the handshake", "ms", "RSS MiB", "PSS MiB"),
        [(name, *(f"{value:.1f}" for value in values)) for name, values in middle.items()],
    )


def print_step(step: str, measured: dict[str, list[dict[str, Step]]], own: str | None) -> None:
    """One table a step; the last two columns are how many times ours each of the others takes.

    The ratio of memory is of the PSS, in which a page that thirty processes share is counted once.
    """

    def middle(runs: list[dict[str, Step]]) -> tuple[float, float, float]:
        steps = [run[step] for run in runs]
        return (
            statistics.median(one.seconds for one in steps),
            statistics.median(one.memory.peak_rss for one in steps),
            statistics.median(one.memory.peak_pss for one in steps),
        )

    base = middle(measured[own]) if own else (0.0, 0.0, 0.0)
    rows = []
    for name, runs in measured.items():
        seconds, rss, pss = middle(runs)
        processes = max(run[step].memory.processes for run in runs)
        calls = sum(runs[-1][step].calls.values())
        rows.append((
            name, f"{seconds:.2f}", f"{processes}", f"{rss:.0f}", f"{pss:.0f}", f"{calls}",
            ratio(seconds, base[0]), ratio(pss, base[2]),
        ))  # fmt: skip
    table((step, "seconds", "processes", "RSS MiB", "PSS MiB", "AWS calls", "time", "memory"), rows)


def print_calls(measured: dict[str, list[dict[str, Step]]]) -> None:
    """Which calls a run makes, by action: one column a step."""
    for name, runs in measured.items():
        last = runs[-1]
        actions = sorted({action for step in last.values() for action in step.calls})
        if actions:
            rows = [(action, *(str(last[step].calls[action] or "") for step in STEPS)) for action in actions]
            table((f"calls of {name}", *STEPS), rows)


def print_growth(few: dict[str, Step], many: dict[str, Step]) -> None:
    """What accounts add to the provider process: the difference of the peaks, over the difference of the accounts."""
    rows = []
    for name, step in many.items():
        peaks = [run[name].memory.peak_rss for run in (few, many)]
        each = (peaks[1] - peaks[0]) * 1024 / (len(MANY_ACCOUNTS) - len(ACCOUNTS))
        entered = step.calls["sts:AssumeRole"]
        rows.append((name, f"{step.seconds:.0f}", *(f"{peak:.1f}" for peak in peaks), f"{each:.1f}", f"{entered}"))
    head = f"{len(MANY_ACCOUNTS)} accounts x {len(ROLES)} roles"
    table((head, "seconds", f"RSS MiB ({len(ACCOUNTS)})", "RSS MiB", "KiB an account", "AssumeRole"), rows)


def say(line: str) -> None:
    print(f"bench: {line}", file=sys.stderr, flush=True)


TARGETS = """\
  To reach: handshake no later than the null provider and in a tenth of the AWS provider's time; at most 10 MiB at
  the handshake; apply and plan at least 15 times faster than the AWS provider, with at least 40 times less memory,
  in one process; 2 calls to create a role with one inline policy; with a thousand accounts at most 64 MiB.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures this provider beside the AWS and the null provider.")
    parser.add_argument("provider", type=Path, nargs="?", help="the release binary; without it only the others run")
    parser.add_argument("--runs", type=int, default=3, help="lives of 90 roles, each against its own emulator")
    parser.add_argument("--starts", type=int, default=15, help="starts of each provider up to its handshake")
    arguments = parser.parse_args()
    own = [contenders.ours(arguments.provider.resolve())] if arguments.provider else []
    field = [*own, contenders.aws(), contenders.null()]

    handshakes: dict[str, list[Handshake]] = {contender.name: [] for contender in field}
    lives: dict[str, list[dict[str, Step]]] = {contender.name: [] for contender in field}
    certificate = host_certificate()
    # In turns, so that whatever else the machine does falls on all alike.
    for number in range(arguments.starts + 1):
        for contender in field:
            run = handshake(contender.binary, certificate)
            if number > 0:  # the first start reads the binary from the disk
                handshakes[contender.name].append(run)
    for number in range(arguments.runs):
        for contender in field:
            say(f"run {number + 1} of {arguments.runs}: {contender.name}")
            lives[contender.name].append(life(contender))

    growth = None
    if arguments.provider:
        say(f"{len(MANY_ACCOUNTS)} accounts: {own[0].name}")
        growth = life_of_many(contenders.ours(arguments.provider.resolve(), MANY_ACCOUNTS))

    resources = len(ACCOUNTS) * len(ROLES)
    print(f"\n  {len(ACCOUNTS)} accounts x {len(ROLES)} roles = {resources} resources; medians of {arguments.runs}\n")
    print_handshakes(handshakes)
    for step in STEPS:
        print_step(step, lives, own[0].name if own else None)
    print_calls(lives)
    if growth:
        print_growth(lives[own[0].name][-1], growth)
    print(TARGETS)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TerraformFailed as error:
        sys.exit(f"bench: this failed:\n{error}")
