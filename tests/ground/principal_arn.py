"""Tells policies that ministack decides by who a session is of, as AWS does: by the role.

`aws:PrincipalArn` of a request that a session makes is the ARN of its role, path included; ministack gives the
session's own, so that a trust under a condition on a role's ARN would let nobody in. (IAM User Guide, "AWS global
condition context keys".)

Owns this one key. Never decides anything: the evaluator does.
"""

KEY = "aws:principalarn"
SESSION = ":assumed-role/"


def install() -> None:
    """From now on sessions are known by their roles."""
    from ministack.core import iam_evaluator
    from ministack.services import iam

    resolve = iam_evaluator._resolve_condition_key

    def resolved(key: str, context):
        value = resolve(key, context)
        if key.lower() != KEY or SESSION not in str(value):
            return value
        account, name = value.split(":")[4], value.partition(SESSION)[2].partition("/")[0]
        role = iam._roles.get_scoped(account, None, name)
        return role["Arn"] if role else value

    iam_evaluator._resolve_condition_key = resolved
