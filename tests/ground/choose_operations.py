"""Chooses the operations that the second opinion on policies is asked about, and prints their table.

    target/ground/venv/bin/python tests/ground/choose_operations.py > tests/provider/second_opinion/operations.json

For every service that the enforcing emulator implements: up to one operation each that lists, reads, writes, tags
and manages permissions, those first that are done to a resource by name, and the PREFERRED ones. An operation is
taken when the emulator enforces it, under an action that the catalog knows, on a resource of a kind that the action
takes. In the table `{account}` stands for the caller's account and `{name}` for the end of the resource's ARN.
Takes some three minutes.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
import layout
from botocore.credentials import Credentials
from ministack.app import SERVICE_REGISTRY, _routing_params
from ministack.core import iam_actions, router
from second_opinion import HOME, Asker, Calls, statement, text

ACCOUNT = "111122223333"
CATALOG = layout.ROOT / "crates/iam-policy/src/catalog/data/services"
LEVELS = "LRWTP"
# What policies are most often about.
PREFERRED = {
    ("cloudformation", "DescribeStacks"),
    ("dynamodb", "DeleteItem"),
    ("dynamodb", "GetItem"),
    ("dynamodb", "Query"),
    ("ec2", "DescribeInstances"),
    ("ecr", "GetAuthorizationToken"),
    ("iam", "AttachRolePolicy"),
    ("iam", "GetRole"),
    ("iam", "PutUserPolicy"),
    ("kms", "DescribeKey"),
    ("kms", "ScheduleKeyDeletion"),
    ("lambda", "DeleteFunction"),
    ("lambda", "GetFunction"),
    ("logs", "GetLogEvents"),
    ("rds", "DescribeDBInstances"),
    ("s3", "GetObjectTagging"),
    ("s3", "ListObjectsV2"),
    ("s3", "PutBucketPolicy"),
    ("s3", "PutObjectTagging"),
    ("secretsmanager", "GetSecretValue"),
    ("sns", "SetTopicAttributes"),
    ("sqs", "SetQueueAttributes"),
    ("ssm", "GetParameter"),
    ("ssm", "PutParameter"),
}
SLOWEST = 0.25
# These wait for something, end the emulator's own sessions, or do what the test itself needs undone.
NEVER = re.compile(r"Subscribe|Invoke|Start|Run|Receive|Send|Execute|Wait|Reset|^Get(Session|Caller|Federation)")


class Catalog:
    """What the committed catalog says of one service's actions: level letter and ARN templates."""

    def __init__(self, prefix: str) -> None:
        self.levels: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._types: dict[str, str] = {}
        path = CATALOG / f"{prefix}.txt"
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            if action := re.match(r"([LRWTP])(\d+) (\w+)", line):
                self.levels[action[3]], self._groups[action[3]] = action[1], action[2]
            elif line.startswith("on "):
                number, *members = line[3:].split(" ")
                self._members[number] = [member.rstrip("*,") for member in members]
            elif line.startswith("type "):
                name, _, arn = line[5:].partition(" = ")
                self._types[name] = arn if arn.startswith("arn:") else f"arn:${{Partition}}:{prefix}:${{Region}}:${{Account}}:{arn}"

    def arns(self, action: str) -> list[str]:
        """The templates of what the action is done to."""
        members = self._members.get(self._groups.get(action, ""), [])
        return [self._types[kind] for kind in members if kind in self._types]

    def fits(self, action: str, resource: str) -> bool:
        """Whether the action is done to resources like this one, or to none."""
        patterns = (re.sub(r"\\\$\\{\w+\\}", ".+", re.escape(arn)) for arn in self.arns(action))
        if resource == "*":
            return True
        is_one = "*" not in resource and resource.count("arn:") == 1
        return is_one and any(re.fullmatch(pattern, resource) for pattern in patterns)


@cache
def catalog_of(prefix: str) -> Catalog:
    """The catalog's service of that prefix, read once."""
    return Catalog(prefix)


class Parameters:
    """The least that an operation wants, each string a different word."""

    def __init__(self, catalog: Catalog, action: str) -> None:
        self._arns = catalog.arns(action)
        self._words = 0

    def of(self, shape, name: str = "", depth: int = 0) -> object:
        """A value of this shape."""
        match shape.type_name:
            case "structure":
                tokens = {name for name, member in shape.members.items() if member.metadata.get("idempotencyToken")}
                members = [name for name in shape.members if name in shape.required_members and name not in tokens]
                return {member: self.of(shape.members[member], member, depth + 1) for member in members}
            case "list":
                return [self.of(shape.member, name, depth + 1)] if depth < 5 else []
            case "map":
                return {self.of(shape.key): self.of(shape.value, name, depth + 1)} if depth < 5 else {}
            case "string":
                return shape.enum[0] if getattr(shape, "enum", None) else self._text(name)
            case "integer" | "long" | "float" | "double":
                return 1
            case "boolean":
                return False
            case "timestamp":
                return 1_700_000_000
            case "blob":
                return "b3Bpbmlvbg=="
        raise ValueError(f"no value for a {shape.type_name}")

    def _text(self, name: str) -> str:
        if name.lower().endswith("arn") and self._arns:
            known = {"Partition": "aws", "Region": HOME, "Account": ACCOUNT}
            return re.sub(r"\$\{(\w+)\}", lambda found: known.get(found[1]) or self._word(), self._arns[0])
        return self._word()

    def _word(self) -> str:
        self._words += 1
        return f"opinion{self._words}"


def derived(request) -> tuple[str, str, str] | None:
    """The emulator's service, the action and the resource that it sees in a request."""
    url = urlsplit(request.url)
    headers = {name.lower(): text(value) for name, value in request.headers.items()}
    query = parse_qs(url.query, keep_blank_values=True)
    body = request.body or b""
    body = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
    path = unquote(url.path)
    params = _routing_params(request.method, path, headers, body, query)
    service = router.detect_service(request.method, path, headers, params)
    if service not in SERVICE_REGISTRY:
        return None
    action = iam_actions.extract_iam_action(service, request.method, path, headers, body, params)
    resource = iam_actions.extract_resource_arn(
        service, request.method, path, headers, body, params, HOME, ACCOUNT
    )
    return (service, action, resource) if action else None


def named(parameters: object, resource: str) -> tuple[object, str]:
    """Both with `{account}`, and with `{name}` for the word that the resource ends with."""
    word = re.search(r"opinion\d+$", resource)
    text = json.dumps([parameters, resource]).replace(ACCOUNT, "{account}")
    if word:
        text = re.sub(rf"{word[0]}(?!\d)", "{name}", text)
    return tuple(json.loads(text))


def candidates() -> Iterator[dict]:
    """Every operation that the emulator derives action and resource of."""
    session = botocore.session.get_session()
    calls = Calls("http://127.0.0.1:1")
    root = Credentials(ACCOUNT, "unsigned")
    for service in session.get_available_services():
        model = session.get_service_model(service)
        prefix = model.signing_name
        for operation in model.operation_names:
            if NEVER.search(operation):
                continue
            for guess in dict.fromkeys([prefix, service, iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service, prefix)]):
                catalog = catalog_of(guess)
                if operation in catalog.levels:
                    break
            shape = model.operation_model(operation).input_shape
            try:
                parameters = Parameters(catalog, operation).of(shape) if shape else {}
                # botocore adds tokens to what it is given.
                call = {"service": service, "operation": operation, "parameters": deepcopy(parameters)}
                found = derived(calls.signed(call, root))
            except Exception as error:  # whatever cannot be built is not asked
                print(f"{service} {operation}: {type(error).__name__} {error}"[:200], file=sys.stderr)
                continue
            if found is None:
                continue
            emulated, action, resource = found
            prefix, _, name = action.partition(":")
            catalog = catalog_of(prefix)
            if name not in catalog.levels or not catalog.fits(name, resource):
                continue
            parameters, resource = named(parameters, resource)
            if resource != "*" and "{name}" not in resource:
                continue
            yield {
                "emulated": emulated,
                "service": service,
                "operation": operation,
                "parameters": parameters,
                "action": action,
                "resource": resource,
                "level": catalog.levels[name],
            }


def rank(row: dict) -> tuple:
    """Those first that are done to a resource by name and make nothing."""
    return (
        (row["service"], row["operation"]) not in PREFERRED,
        "{name}" not in row["resource"],
        row["resource"] == "*",
        row["operation"].startswith("Create"),
        len(json.dumps(row["parameters"])),
        row["operation"],
    )


def is_enforced(asker: Asker, row: dict) -> bool:
    """Whether the emulator denies it without a policy and soon lets it through with the least one."""
    filled = json.dumps([row["parameters"], row["resource"]])
    parameters, resource = json.loads(filled.replace("{account}", ACCOUNT).replace("{name}", "opinion"))
    call = {"service": row["service"], "operation": row["operation"], "parameters": parameters}
    least = statement(Action=row["action"], Resource=resource)
    try:
        if asker.ask({"role": "chooser", "call": call}):
            return False
        start = time.monotonic()
        return asker.ask({"role": "chooser", "identity": [least], "call": call}) and time.monotonic() - start < SLOWEST
    except (ValueError, OSError) as error:
        print(f"{row['service']} {row['operation']}: {error}"[:200], file=sys.stderr)
        asker.reconnect()
        return False


def chosen(endpoint: str) -> Iterator[dict]:
    """The rows of the table, sorted."""
    asker = Asker(endpoint, ACCOUNT, Calls(endpoint))
    by_service: dict[str, list[dict]] = {}
    for row in candidates():
        by_service.setdefault(row.pop("emulated"), []).append(row)
    for service in sorted(by_service):
        wanted = set(LEVELS)
        for row in sorted(by_service[service], key=rank):
            level, is_preferred = row.pop("level"), (row["service"], row["operation"]) in PREFERRED
            if (is_preferred or level in wanted) and is_enforced(asker, row):
                wanted.discard(level)
                yield row


def main() -> None:
    command = [sys.executable, Path(__file__).with_name("serve.py"), "ministack"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        rows = list(chosen(f"http://127.0.0.1:{server.stdout.readline().strip()}"))
        server.stdin.close()
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


if __name__ == "__main__":
    main()
