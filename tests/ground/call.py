"""Makes calls of any AWS service at an emulator, one after the other, for a test that has no client for them.

    target/ground/venv/bin/python tests/ground/call.py http://127.0.0.1:PORT KEY [ROLE_ARN]

KEY is an account's ID, which is the key of its root; with ROLE_ARN, the calls are made by a session of that role. Each
line of standard input is a call, as JSON: `service`, `operation` and `parameters` as boto3 knows them. Each line of
standard output is what came of it: `{"answer": …}`, or `{"refused": {"code", "message"}}`. Ends with its input. Owns no
state and never judges an answer.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"total_max_attempts": 1})


def main(endpoint: str, key: str, role: str | None = None) -> None:
    session = boto3.Session(key, "test", region_name="us-east-1")
    if role:
        sts = session.client("sts", endpoint_url=endpoint, config=ONCE)
        keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        session = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="us-east-1"
        )
    for line in sys.stdin:
        call = json.loads(line)
        client = session.client(call["service"], endpoint_url=endpoint, config=ONCE)
        try:
            answer = getattr(client, call["operation"])(**call["parameters"])
            answer.pop("ResponseMetadata", None)
            print(json.dumps({"answer": answer}, default=str), flush=True)
        except ClientError as refused:
            error = refused.response["Error"]
            print(json.dumps({"refused": {"code": error["Code"], "message": error["Message"]}}), flush=True)


main(*sys.argv[1:])
