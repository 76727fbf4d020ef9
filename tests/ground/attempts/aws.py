"""The emulated AWS as those see it who call it: the root of an account, a session of a role, or a job of CI.

Owns clients, tokens and sessions. Never decides who may do what.
"""

import json
import time
import urllib.request
from dataclasses import dataclass

import boto3
from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.config import Config

# Where the demo's accounts have everything.
REGION = "eu-west-1"
ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})

Keys = dict[str, str]


def root(account: str) -> Keys:
    """The keys of an account's root: the emulator takes the account's ID for them."""
    return {"AccessKeyId": account, "SecretAccessKey": "test"}


@dataclass(frozen=True)
class Aws:
    """An emulator that runs."""

    endpoint: str

    def client(self, service: str, keys: Keys | None) -> BaseClient:
        """A client for whom these keys belong to; without any, calls are not signed."""
        signed = keys and {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys.get("SessionToken"),
        }
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            config=ONCE if keys else ONCE.merge(Config(signature_version=UNSIGNED)),
            **(signed or {}),
        )

    def session(self, role_arn: str, keys: Keys, **more: str) -> Keys:
        """The session that somebody gets from a role which trusts them; `more` as AssumeRole has it."""
        sts = self.client("sts", keys)
        return sts.assume_role(RoleArn=role_arn, RoleSessionName="demo", **more)["Credentials"]

    def token(self, issuer: str, subject: str, audience: str, *, signed_by: str | None = None) -> str:
        """A token as a CI system gives it to a job, signed by a stand-in for it that the emulator knows."""
        claims = {"iss": issuer, "aud": audience, "sub": subject, "exp": int(time.time()) + 300}
        asked = json.dumps({"claims": claims, "signed_by": signed_by or issuer}).encode()
        with urllib.request.urlopen(f"{self.endpoint}/_ground/tokens", data=asked) as answer:
            return json.load(answer)["token"]
