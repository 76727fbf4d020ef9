"""Stands in front of an emulator: writes down every call, answers in its place with a fault when asked to, and tells
another time than it is.

Four paths of its own, everything else is the emulator's:

    GET  /_ground/calls?account=ID    the calls of one account (of all without it), in order, as a JSON list
    POST /_ground/faults              {"account", "action", "code", "message", "status", "times", "applied"}
    POST /_ground/clock               {"account", "ahead"}: seconds by which the answers' dates are ahead (ministack)
    POST /_ground/tokens              {"claims", "signed_by"}: a token of an issuer, as {"token"} (`issuer.py`)

Owns the record and the faults. Never looks into what a call does, and keeps nothing of its parameters.
"""

import io
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.utils import formatdate
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import issuer

CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/[^/]*/(?P<region>[^/]*)/(?P<service>[^/]*)/")
ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Call:
    """One request as the emulator got it: whose account, which service and action, how it was answered."""

    account: str
    service: str
    action: str
    status: int


@dataclass
class Fault:
    """What to answer to the next `times` calls of `action` in `account`.

    With `applied` the emulator does the work all the same and only its answer is lost, as when a connection breaks.
    """

    account: str
    action: str
    code: str
    message: str = "asked for by the test"
    status: int = 400
    times: int = 1
    applied: bool = False

    def body(self) -> bytes:
        """The error as IAM and STS write it in the Query protocol."""
        return (
            f"<ErrorResponse><Error><Type>{'Sender' if self.status < 500 else 'Receiver'}</Type>"
            f"<Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message></Error>"
            f"<RequestId>00000000-0000-0000-0000-00000000fa17</RequestId></ErrorResponse>"
        ).encode()


class Ledger:
    """The record and the faults still to come; `account_of_key` is how the emulator maps an access key."""

    def __init__(self, account_of_key: Callable[[str], str | None]) -> None:
        self._account_of_key = account_of_key
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._faults: list[Fault] = []
        self._ahead: dict[str, int] = {}

    def read(self, method: str, path: str, authorization: str, form: bytes) -> Call:
        """The call that a request makes, not answered yet (status 0)."""
        signed = CREDENTIAL.search(authorization)
        service = signed["service"] if signed else ""
        action = parse_qs(form.decode("utf-8", "replace")).get("Action", [f"{method} {path}"])[0]
        return Call(self.account(authorization), service, action, 0)

    def account(self, authorization: str) -> str:
        """The account of the key that signed; a key of twelve digits is the root of the account it spells."""
        signed = CREDENTIAL.search(authorization)
        if not signed:
            return ""
        key = signed["key"]
        return key if ACCOUNT.fullmatch(key) else self._account_of_key(key) or ""

    def fault_for(self, call: Call) -> Fault | None:
        """The first fault that `call` meets, used up by one."""
        with self._lock:
            for fault in self._faults:
                if (fault.account, fault.action) == (call.account, call.action):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def write(self, call: Call, status: int) -> None:
        with self._lock:
            self._calls.append(Call(call.account, call.service, call.action, status))

    def date(self, account: str) -> str | None:
        """The `Date` of an answer in `account`, if it is another than the emulator's."""
        ahead = self._ahead.get(account)
        return None if ahead is None else formatdate(time.time() + ahead, usegmt=True)

    def answer(self, method: str, path: str, query: str, body: bytes) -> bytes | None:
        """The answer to a request for the ledger itself, as JSON; None when it is the emulator's."""
        if (method, path) == ("GET", "/_ground/calls"):
            account = parse_qs(query).get("account", [None])[0]
            with self._lock:
                chosen = [asdict(call) for call in self._calls if account in (None, call.account)]
            return json.dumps(chosen).encode()
        if (method, path) == ("POST", "/_ground/faults"):
            fault = Fault(**json.loads(body))
            with self._lock:
                same = [old for old in self._faults if (old.account, old.action) == (fault.account, fault.action)]
                for old in same:
                    self._faults.remove(old)
                if fault.times > 0:
                    self._faults.append(fault)
            return b"{}"
        if (method, path) == ("POST", "/_ground/tokens"):
            return json.dumps({"token": issuer.token(**json.loads(body))}).encode()
        if (method, path) == ("POST", "/_ground/clock"):
            asked = json.loads(body)
            self._ahead[asked["account"]] = asked["ahead"]
            return b"{}"
        return None


def asgi(app, ledger: Ledger):
    """`app`, an ASGI application, behind `ledger`."""

    async def fronted(scope, receive, send):
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        own = ledger.answer(scope["method"], scope["path"], scope["query_string"].decode(), body)
        if own is not None:
            await reply(send, 200, b"application/json", own)
            return

        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        call = ledger.read(scope["method"], scope["path"], authorization, body)
        fault = ledger.fault_for(call)

        async def watched(message):
            if message["type"] == "http.response.start" and fault is None:
                ledger.write(call, message["status"])
                if date := ledger.date(call.account):
                    # In front of the server's own, for the first of two counts.
                    message = {**message, "headers": [(b"date", date.encode()), *message["headers"]]}
            if fault is None:
                await send(message)

        if fault is None or fault.applied:
            await app(scope, replay(body, receive), watched)
        if fault is not None:
            ledger.write(call, fault.status)
            await reply(send, fault.status, b"text/xml", fault.body())

    return fronted


def replay(body: bytes, receive):
    """`receive` with the body that was already read put back in front."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed():
        return pending.pop() if pending else await receive()

    return replayed


async def reply(send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    headers.append((b"x-amzn-requestid", b"00000000-0000-0000-0000-000000000000"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def wsgi(app, ledger: Ledger):
    """`app`, a WSGI application, behind `ledger`."""

    def fronted(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        own = ledger.answer(method, path, environ.get("QUERY_STRING", ""), body)
        if own is not None:
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(own)))])
            return [own]

        call = ledger.read(method, path, environ.get("HTTP_AUTHORIZATION", ""), body)
        fault = ledger.fault_for(call)

        def watched(status, headers, exc_info=None):
            ledger.write(call, int(status.split()[0]))
            return start_response(status, headers, exc_info)

        if fault is None:
            return app(environ, watched)
        if fault.applied:
            for _ in app(environ, lambda *_: None):
                pass
        ledger.write(call, fault.status)
        answer = fault.body()
        start_response(f"{fault.status} Fault", [("Content-Type", "text/xml"), ("Content-Length", str(len(answer)))])
        return [answer]

    return fronted
