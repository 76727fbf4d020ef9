"""A lock in DynamoDB, as Terraform keeps it: an item for each state, and one with the digest of what was written last.

Owns these items. Whose calls they are is for others to say.
"""

from attempts import account as has
from attempts.attempt import Attempts, may, may_not

ITEM = f"{has.STATE_BUCKET}/{has.STATE}"
DIGEST = f"{ITEM}-md5"
OTHER_ITEM = f"{has.STATE_BUCKET}/{has.OTHER_STATE}"
TABLE = {"TableName": has.LOCK_TABLE}


def locks() -> Attempts:
    """What every run of Terraform does."""
    free = "attribute_not_exists(LockID)"
    yield may("take the lock", "dynamodb", "PutItem", Item=key(ITEM), ConditionExpression=free, **TABLE)
    yield may("read the lock", "dynamodb", "GetItem", Key=key(ITEM), **TABLE)
    yield may("read the state's digest", "dynamodb", "GetItem", Key=key(DIGEST), **TABLE)
    yield may("release the lock", "dynamodb", "DeleteItem", Key=key(ITEM), **TABLE)


def leaves_others_alone() -> Attempts:
    yield may_not("take another environment's lock", "dynamodb", "PutItem", Item=key(OTHER_ITEM), **TABLE)
    yield may_not("release another environment's lock", "dynamodb", "DeleteItem", Key=key(OTHER_ITEM), **TABLE)
    yield may_not("read all locks", "dynamodb", "Scan", **TABLE)
    yield may_not("delete the table of locks", "dynamodb", "DeleteTable", **TABLE)


def key(value: str) -> dict[str, dict[str, str]]:
    return {"LockID": {"S": value}}
