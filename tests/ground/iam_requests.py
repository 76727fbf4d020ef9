"""Tells ministack's evaluator of a request to IAM what AWS tells its own: the permissions boundary, and what is created.

Without the key `iam:PermissionsBoundary` nothing is allowed that a policy allows under a boundary only; without its ARN
a policy that is being created is no resource that a statement names. (Service Authorization Reference, "Actions,
resources, and condition keys for AWS Identity and Access Management".)

Owns these two. Never decides anything: the evaluator does.
"""

from collections.abc import Mapping

KEY = "iam:permissionsboundary"  # the evaluator looks keys up in lower case

Parameters = Mapping[str, object]


def install() -> None:
    """From now on the evaluator is told."""
    from ministack.core import iam_actions

    context, resource = iam_actions.request_tag_context, iam_actions.extract_resource_arn

    def with_boundary(service: str, action: str, body: bytes, params: Parameters) -> dict:
        told = context(service, action, body, params)
        return {**told, **boundary(params)} if service == "iam" else told

    def with_name(service: str, *request) -> str:
        told = resource(service, *request)
        _method, _path, _headers, _body, params, _region, account = request
        return created(params, account) if service == "iam" and told == "*" else told

    iam_actions.request_tag_context, iam_actions.extract_resource_arn = with_boundary, with_name


def boundary(params: Parameters) -> dict[str, str]:
    """The boundary that a request gives, or else the one that the role or user has; nothing where there is none."""
    from ministack.services import iam

    named = ((iam._roles, parameter(params, "RoleName")), (iam._users, parameter(params, "UserName")))
    has = [(records.get(name) or {}).get("PermissionsBoundary") for records, name in named if name]
    return next(({KEY: arn} for arn in (parameter(params, "PermissionsBoundary"), *has) if arn), {})


def created(params: Parameters, account: str) -> str:
    """The ARN that a request gives to what it names without one."""
    path = parameter(params, "Path") or "/"
    for kind, name in (("policy", "PolicyName"), ("instance-profile", "InstanceProfileName")):
        if value := parameter(params, name):
            return f"arn:aws:iam::{account}:{kind}{path}{value}"
    return "*"


def parameter(params: Parameters, name: str) -> str:
    value = params.get(name, "")
    return value[0] if isinstance(value, list) else value
