"""Asks an emulator of AWS that enforces IAM whether a session of a role may make a call.

    target/ground/venv/bin/python tests/ground/second_opinion.py http://127.0.0.1:PORT ACCOUNT < questions > answers

Standard input is a JSON list of questions, standard output the list of their answers in the same order: `true` for
allowed, `false` for denied. A question:

    role        the name of the role that asks; it is made if it does not exist, and trusts its account
    identity    its policies, a list of documents; they replace those of the question before
    boundary    its permissions boundary, a document; without it the role has none
    session     the policy of its session, a document; without it the session has none
    tags        the role's tags, name to value
    call        service, operation and parameters as boto3 knows them
    trusting    another role that is to exist: role, account and trust (a document)
    before      what the root of an account is to have done: account and calls; of an operation, the last call stands

Questions of one role are asked in order, those of different roles at the same time. Enforcement comes before anything
else that a service does with a call, so a call that is refused for any other reason than policies counts as allowed.
Owns the roles that it makes, which are gone when it ends. Never judges an answer.
"""

import hashlib
import http.client
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Lock
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import botocore.session
from botocore.auth import AUTH_TYPE_MAPS
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials

HOME = "us-east-1"
# How most services say it, how IoT's data plane does, and how S3 does to another account.
DENIALS = (b"is not authorized to perform", b'{"message": null, "traceId"', b"<Message>Access Denied</Message>")
# The headers that signing makes.
SIGNATURE = {"authorization", "date", "x-amz-date", "x-amz-security-token"}
RAW = Config(
    parameter_validation=False,
    inject_host_prefix=False,
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
)


class Calls:
    """Turns a call into the HTTP request that boto3 would send; what is the same in all sessions is made once."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._session = botocore.session.get_session()
        self._session.set_credentials("unsigned", "unsigned")
        self._clients: dict[str, object] = {}
        self._requests: dict[str, tuple[AWSRequest, str, str]] = {}
        self._lock = Lock()

    def signed(self, call: dict, credentials: Credentials) -> AWSRequest:
        """The request, signed for this session."""
        key = json.dumps(call)
        with self._lock:
            request, scope, version = self._requests.get(key) or self._request(key, call)
        headers = {name: text(value) for name, value in request.headers.items() if name.lower() not in SIGNATURE}
        fresh = AWSRequest(method=request.method, url=request.url, data=request.body, headers=headers)
        AUTH_TYPE_MAPS[version](credentials, scope, HOME).add_auth(fresh)
        return fresh.prepare()

    def _request(self, key: str, call: dict) -> tuple[AWSRequest, str, str]:
        client = self._client(call["service"])
        sent = []

        def catch(request, **_):
            sent.append(request)
            return AWSResponse(request.url, 500, {}, NoBody())

        event = f"before-send.{client.meta.service_model.service_id.hyphenize()}.{call['operation']}"
        client.meta.events.register(event, catch)
        try:
            client._make_api_call(call["operation"], deepcopy(call["parameters"]))
        except Exception as error:
            if not sent:
                raise ValueError(f"{key} makes no request: {error}") from error
        finally:
            client.meta.events.unregister(event, catch)
        scope = text(sent[0].headers["Authorization"]).split("/")[3]
        version = "s3v4" if scope == "s3" else "v4"
        self._requests[key] = sent[0], scope, version
        return self._requests[key]

    def _client(self, service: str):
        if service not in self._clients:
            self._clients[service] = self._session.create_client(
                service, region_name=HOME, endpoint_url=self._endpoint, config=RAW
            )
        return self._clients[service]


class NoBody:
    """An answer's body, as botocore reads one."""

    def stream(self, **_) -> Iterator[bytes]:
        return iter([b""])

    def read(self, *_) -> bytes:
        return b""


class Asker:
    """One role, and one connection on which it asks."""

    def __init__(self, endpoint: str, account: str, calls: Calls) -> None:
        self._host = urlsplit(endpoint).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=30)
        self._account = account
        self._calls = calls
        self._held: dict[str, object] = {}
        self._sessions: dict[str | None, Credentials] = {}
        self._boundaries: set[str] = set()
        self._trusting: dict[tuple[str, str], str] = {}
        self._done: dict[tuple[str, str, str], dict] = {}

    def ask(self, question: dict) -> bool:
        """Whether the call is allowed."""
        self._become(question)
        if "trusting" in question:
            self._trust(question["trusting"])
        if "before" in question:
            self._prepare(**question["before"])
        session = question.get("session")
        status, body = self._call(question["call"], self._session(session and json.dumps(session)))
        if status in (400, 403) and any(denial in body for denial in DENIALS):
            return False
        if status in (401, 403) or status >= 500:
            raise ValueError(f"{question['call']} was neither let through nor denied by a policy: {status} {body!r}")
        return True

    def leave(self) -> None:
        """Deletes the roles and the boundaries that were made."""
        role = self._held.get("role")
        for account, trusting in self._trusting:
            self._iam("DeleteRole", account, RoleName=trusting)
        if role:
            self._become({"role": role})
            self._iam("DeleteRole", RoleName=role)
        for name in self._boundaries:
            self._iam("DeletePolicy", PolicyArn=f"arn:aws:iam::{self._account}:policy/{name}")

    def reconnect(self) -> None:
        """After an error: what came of the last request is not known."""
        self._connection.close()

    def _become(self, question: dict) -> None:
        """Gives the role what the question says it holds, calling only for what differs from the question before."""
        role = question["role"]
        if not self._held:
            trust = statement(Principal={"AWS": self._account}, Action="sts:AssumeRole")
            self._iam("CreateRole", RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
            self._held = {"role": role, "boundary": None}
        wanted = {f"policy-{index}": json.dumps(policy) for index, policy in enumerate(question.get("identity", []))}
        wanted |= {f"tag-{name}": value for name, value in question.get("tags", {}).items()}
        wanted |= {"role": role, "boundary": question.get("boundary") and json.dumps(question["boundary"])}
        for name in self._held.keys() - wanted.keys():
            kind, rest = name.split("-", 1)
            if kind == "policy":
                self._iam("DeleteRolePolicy", RoleName=role, PolicyName=name)
            else:
                self._iam("UntagRole", RoleName=role, **{"TagKeys.member.1": rest})
        for name, value in wanted.items():
            if self._held.get(name) == value:
                continue
            if name == "boundary":
                self._bound(role, value)
            elif name.startswith("policy-"):
                self._iam("PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=value)
            else:
                tag = {"Tags.member.1.Key": name.removeprefix("tag-"), "Tags.member.1.Value": value}
                self._iam("TagRole", RoleName=role, **tag)
        self._held = wanted

    def _bound(self, role: str, document: str | None) -> None:
        if document is None:
            self._iam("DeleteRolePermissionsBoundary", RoleName=role)
            return
        name = f"{role}-{hashlib.sha256(document.encode()).hexdigest()[:16]}"
        if name not in self._boundaries:
            self._iam("CreatePolicy", PolicyName=name, PolicyDocument=document)
            self._boundaries.add(name)
        arn = f"arn:aws:iam::{self._account}:policy/{name}"
        self._iam("PutRolePermissionsBoundary", RoleName=role, PermissionsBoundary=arn)

    def _trust(self, trusting: dict) -> None:
        role, account, trust = trusting["role"], trusting["account"], json.dumps(trusting["trust"])
        held = self._trusting.get((account, role))
        if held is None:
            self._iam("CreateRole", account, RoleName=role, AssumeRolePolicyDocument=trust)
        elif held != trust:
            self._iam("UpdateAssumeRolePolicy", account, RoleName=role, PolicyDocument=trust)
        self._trusting[account, role] = trust

    def _prepare(self, account: str, calls: list[dict]) -> None:
        for call in calls:
            key = account, call["service"], call["operation"]
            if self._done.get(key) != call:
                status, body = self._call(call, Credentials(account, "unchecked"))
                if status >= 300:
                    raise ValueError(f"{call}: {status} {body!r}")
                self._done[key] = call

    def _session(self, policy: str | None) -> Credentials:
        if policy not in self._sessions:
            arn = f"arn:aws:iam::{self._account}:role/{self._held['role']}"
            limit = {"Policy": policy} if policy else {}
            answer = self._query("sts", "AssumeRole", "2011-06-15", RoleArn=arn, RoleSessionName="asking", **limit)
            fields = [answer.find(f".//{{*}}{name}") for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
            self._sessions[policy] = Credentials(*(field.text for field in fields))
        return self._sessions[policy]

    def _iam(self, action: str, account: str | None = None, **parameters: str) -> None:
        self._query("iam", action, "2010-05-08", account, **parameters)

    def _query(self, service: str, action: str, version: str, account: str | None = None, **parameters: str):
        """A call by the account's root, whose key is the account's id and whose signature nobody checks."""
        scope = f"{account or self._account}/20260101/{HOME}/{service}/aws4_request"
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"Action": action, "Version": version, **parameters})
        status, answer = self._send("POST", "/", body.encode(), headers)
        if status != 200:
            raise ValueError(f"{action} {parameters}: {status} {answer!r}")
        return ElementTree.fromstring(answer)

    def _call(self, call: dict, credentials: Credentials) -> tuple[int, bytes]:
        request = self._calls.signed(call, credentials)
        url = urlsplit(request.url)
        path = f"{url.path}?{url.query}" if url.query else url.path
        return self._send(request.method, path, request.body, dict(request.headers.items()))

    def _send(self, method: str, path: str, body: bytes | None, headers: dict) -> tuple[int, bytes]:
        headers = {name: text(value) for name, value in headers.items() if name.lower() != "expect"}
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        return response.status, response.read()


def text(value: str | bytes) -> str:
    """A header's value; botocore has both kinds."""
    return value.decode() if isinstance(value, bytes) else value


def statement(**elements) -> dict:
    """A document of one statement that allows."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **elements}]}


def answers(endpoint: str, account: str, questions: list[dict]) -> list[bool]:
    """The answer to each question."""
    calls = Calls(endpoint)
    by_role: dict[str, list[int]] = {}
    for index, question in enumerate(questions):
        by_role.setdefault(question["role"], []).append(index)

    def ask_all(indices: list[int]) -> dict[int, bool]:
        asker = Asker(endpoint, account, calls)
        found = {index: asker.ask(questions[index]) for index in indices}
        asker.leave()
        return found

    found: dict[int, bool] = {}
    with ThreadPoolExecutor(max_workers=max(1, len(by_role))) as pool:
        for part in pool.map(ask_all, by_role.values()):
            found |= part
    return [found[index] for index in range(len(questions))]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    json.dump(answers(sys.argv[1], sys.argv[2], json.load(sys.stdin)), sys.stdout)
