"""Corrects what ministack takes calls of ECS to be about.

ministack judges a call that names a cluster as one on that cluster, whatever else it is about, knows no condition keys of
ECS, and hands over roles that the caller may not pass. From `install` on, the calls below are about the resources and
carry the keys that AWS documents, and a role in them is checked as `iam:PassRole` on it. (Service Authorization
Reference, "Amazon Elastic Container Service"; IAM User Guide, "Grant a user permissions to pass a role to an AWS
service".)

Owns what is asked. Never decides anything: the evaluator does. Other calls of ECS stay as ministack sees them.
"""

import json
from collections.abc import Mapping
from contextvars import ContextVar

# What each call is about, by the argument that names it.
ON_SERVICES = {
    "CreateService": "serviceName",
    "DeleteService": "service",
    "DescribeServices": "services",
    "ListServiceDeployments": "service",
    "UpdateService": "service",
}
ON_TASKS = {"DescribeTasks": "tasks", "StopTask": "task", "ExecuteCommand": "task"}
ON_EVERYTHING = {"DescribeTaskDefinition", "DeregisterTaskDefinition", "ListTasks"}
ON_TASK_DEFINITIONS = {"RegisterTaskDefinition": "family", "RunTask": "taskDefinition"}
# The keys are in lower case, as the evaluator looks them up.
CLUSTER, TASK_DEFINITION, PASSED_TO = "ecs:cluster", "ecs:task-definition", "iam:passedtoservice"


class Call:
    """A call of ECS: its operation and arguments, and where it is made."""

    def __init__(self, operation: str, body: bytes) -> None:
        from ministack.core.responses import get_account_id, get_region

        self._operation = operation
        self._home = f"arn:aws:ecs:{get_region()}:{get_account_id()}"
        try:
            arguments = json.loads(body or b"{}")
        except ValueError:
            arguments = {}
        self._arguments = arguments if isinstance(arguments, dict) else {}

    def resources(self) -> list[str]:
        """The ARNs of what it is about; none where ministack knows better."""
        if self._operation in ON_EVERYTHING:
            return ["*"]
        if self._operation == "RegisterTaskDefinition":  # the revision is not there yet
            return [self._arn("task-definition", f"{self._arguments.get('family', '')}:*")]
        if self._operation in ON_TASK_DEFINITIONS:
            return [self._arn("task-definition", name) for name in self._named(ON_TASK_DEFINITIONS)]
        for kind, calls in (("service", ON_SERVICES), ("task", ON_TASKS)):
            if self._operation in calls:
                return [self._in_cluster(kind, name) for name in self._named(calls)]
        return []

    def keys(self) -> dict[str, str]:
        """Its condition keys."""
        about_cluster = self._operation in {*ON_SERVICES, *ON_TASKS, "ListTasks", "RunTask"}
        keys = {CLUSTER: self._arn("cluster", self._cluster())} if about_cluster else {}
        definition = self._arguments.get("taskDefinition")
        if definition and self._operation in {"CreateService", "UpdateService", "RunTask"}:
            keys[TASK_DEFINITION] = self._arn("task-definition", definition)
        return keys

    def roles(self) -> list[str]:
        """The roles that it hands over."""
        if self._operation == "RegisterTaskDefinition":
            holder = self._arguments
        else:
            holder = self._arguments.get("overrides", {}) if self._operation == "RunTask" else {}
        return [role for name in ("taskRoleArn", "executionRoleArn") if (role := holder.get(name))]

    def _named(self, calls: Mapping[str, str]) -> list[str]:
        named = self._arguments.get(calls[self._operation], [])
        return named if isinstance(named, list) else [named]

    def _cluster(self) -> str:
        return self._arguments.get("cluster", "default").rsplit("/", 1)[-1]

    def _in_cluster(self, kind: str, name: str) -> str:
        return self._arn(kind, name if name.startswith("arn:") else f"{self._cluster()}/{name}")

    def _arn(self, kind: str, name: str) -> str:
        return name if name.startswith("arn:") else f"{self._home}:{kind}/{name}"


def install() -> None:
    """From now on the evaluator is asked about what calls of ECS are about."""
    from ministack.core import iam_actions, iam_evaluator

    seen_as, told, decide = iam_actions.extract_resource_arn, iam_actions.request_tag_context, iam_evaluator.enforce
    current: ContextVar[Call | None] = ContextVar("current", default=None)

    def resource(service: str, method: str, path: str, headers: dict, *rest) -> str:
        found = seen_as(service, method, path, headers, *rest)
        target = headers.get("x-amz-target", "")
        call = Call(target.rsplit(".", 1)[-1], rest[0]) if service == "ecs" and target else None
        current.set(call)
        return next(iter(call.resources()), found) if call else found

    def context(service: str, iam_action: str, body: bytes, params: dict) -> dict:
        call = current.get() if service == "ecs" else None
        return {**told(service, iam_action, body, params), **(call.keys() if call else {})}

    def enforce(access_key: str, iam_action: str, service: str, region: str, **asked):
        denied = decide(access_key, iam_action, service, region, **asked)
        call = current.get() if service == "ecs" else None
        if denied or call is None:
            return denied
        others = [(iam_action, service, {**asked, "resource_arn": arn}) for arn in call.resources()[1:]]
        passed = {PASSED_TO: "ecs-tasks.amazonaws.com"}
        roles = [("iam:PassRole", "iam", {"resource_arn": role, "service_context": passed}) for role in call.roles()]
        checks = (decide(access_key, action, of, region, **what) for action, of, what in others + roles)
        return next((one for one in checks if one), None)

    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context
    iam_evaluator.enforce = enforce
