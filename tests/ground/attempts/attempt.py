"""One call that somebody tries, and what AWS should answer.

Owns what counts as allowed and as refused: a call is allowed when it succeeds, and refused when AWS's answer is that of
a policy which does not allow the very action that was expected. Anything else, such as a call that fails because
something is not there, is neither and never passes for a refusal. Knows no role.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

ALLOWED, REFUSED = "allowed", "refused"

# How the services say that a policy refuses a call. Amazon EC2 has a code of its own.
REFUSALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")

Answer = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """A call as boto3 knows it, in words, and what should come of it."""

    what: str
    service: str
    operation: str
    parameters: dict[str, Any]
    expected: str
    action: str
    refusal: str | None = None
    """The code of an answer that comes before any policy is asked, such as one about a bad token."""

    def make(self, client: BaseClient) -> tuple[str, Answer | None]:
        """What came of it, and AWS's answer where the call was allowed."""
        try:
            return ALLOWED, getattr(client, xform_name(self.operation))(**self.parameters)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if code == self.refusal or (code in REFUSALS and names(message, self.action)):
                return REFUSED, None
            return f"failed: {code}: {message}", None
        except BotoCoreError as error:
            return f"failed: {error}", None


# The lines of one turn, in order. An allowed call's answer is sent back, so that later calls can build on it.
Attempts = Generator[Attempt, Answer | None, None]


def names(message: str, action: str) -> bool:
    """Whether a refusal is about `action`: that another one is missing proves nothing about this one."""
    return any(word.strip(".,") == action for word in message.split())


def may(what: str, service: str, operation: str, /, *, action: str | None = None, **parameters: Any) -> Attempt:
    """A call that must succeed. `action` is what IAM calls it, where that is not the operation's name."""
    return Attempt(what, service, operation, parameters, ALLOWED, action or f"{service}:{operation}")


def may_not(what: str, service: str, operation: str, /, *, action: str | None = None, **parameters: Any) -> Attempt:
    """A call that IAM must refuse, and for want of this very action."""
    return Attempt(what, service, operation, parameters, REFUSED, action or f"{service}:{operation}")
