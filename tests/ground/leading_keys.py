"""Gives ministack `dynamodb:LeadingKeys`, the condition key that it leaves out of the requests it decides on.

AWS sends it with every request about items: the values of the table's partition key ("Using IAM policy conditions for
fine-grained access control", Amazon DynamoDB developer guide). Without it a policy that is limited to some items would
be either one for all of them or one for none. Only calls about a single item are covered.
"""

import json

from ministack.core import iam_actions
from ministack.services import dynamodb

KEY = "dynamodb:LeadingKeys"


def install() -> None:
    """From now on the decisions know the key."""
    without = iam_actions.dynamodb_service_context

    def context(body: bytes) -> dict:
        leading = leading_key(body)
        return without(body) | ({KEY: [leading]} if leading is not None else {})

    iam_actions.dynamodb_service_context = context


def leading_key(body: bytes) -> str | None:
    """The value of the partition key of the item that a request is about; none for any other request."""
    request = json.loads(body or b"{}")
    item = request.get("Key") or request.get("Item")
    table = dynamodb._tables.get(str(request.get("TableName", "")).rpartition("/")[2])
    if not item or not table:
        return None
    name = next(part["AttributeName"] for part in table["KeySchema"] if part["KeyType"] == "HASH")
    return next((str(value) for value in item.get(name, {}).values()), None)
