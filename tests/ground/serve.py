"""Serves one emulator of AWS on a free loopback port until its standard input closes.

    target/ground/venv/bin/python tests/ground/serve.py ministack|moto

Prints the port, alone on a line, once the emulator answers. Whoever starts it holds the other end of its standard
input: when that process ends, however it ends, the pipe closes and the emulator is gone. It is one process, so
nothing can be left behind, and it keeps everything in memory.
"""

import os
import socket
import sys
import threading

import authorization_details
import ecs_authorization
import iam_requests
import layout
import ledger
import oidc_providers

LOOPBACK = "127.0.0.1"


def ministack() -> None:
    """Enforces IAM (policies, trust, boundaries); a key of twelve digits is the root of that account."""
    listener = socket.create_server((LOOPBACK, 0), backlog=512)
    port = listener.getsockname()[1]
    replace_environment(
        AUTH="true",
        BIND_HOST=LOOPBACK,
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        PERSIST_STATE="0",
        S3_PERSIST="0",
        LOG_LEVEL="ERROR",
        # It removes the containers of earlier runs at start: keep it away from any Docker on this machine.
        DOCKER_HOST="unix:///nonexistent/docker.sock",
    )

    import asyncio

    import leading_keys
    import ministack.app
    import principal_arn
    import web_identity
    import whole_answers
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.services import iam, sts  # noqa: F401  the first caller should not pay for loading them

    authorization_details.install()
    ecs_authorization.install()
    iam_requests.install()
    leading_keys.install()
    oidc_providers.into_ministack()
    principal_arn.install()
    web_identity.install()
    whole_answers.install()

    def account_of_key(key: str) -> str | None:
        session = sts._sessions.get(key)
        return session["AccountId"] if session else None

    async def run() -> None:
        config = Config()
        config.bind = [f"fd://{listener.fileno()}"]
        config.loglevel = "ERROR"
        config.keep_alive_timeout = 600
        app = ledger.asgi(ministack.app.app, ledger.Ledger(account_of_key))
        await serve(announced(app, port), config)

    asyncio.run(run())


def announced(app, port: int):
    """`app`, which says its port once its start-up is complete; connections have been queueing since before."""

    async def wrapped(scope, receive, send):
        async def announcing(message):
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print(port, flush=True)

        await app(scope, receive, announcing if scope["type"] == "lifespan" else send)

    return wrapped


def moto() -> None:
    """Checks what IAM's API accepts and forgets who may call it: the second opinion on each call's semantics."""
    replace_environment(MOTO_IAM_LOAD_MANAGED_POLICIES="true")

    import logging

    from moto.iam.models import get_account_id_from
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    oidc_providers.into_moto()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    record = ledger.Ledger(get_account_id_from)
    emulator = DomainDispatcherApplication(create_backend_app)

    def app(environ, start_response):
        # moto reads the account from this header; setting it gives both emulators the same keys.
        account = record.account(environ.get("HTTP_AUTHORIZATION", ""))
        if account:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
        return emulator(environ, start_response)

    server = make_server(LOOPBACK, 0, ledger.wsgi(app, record), threaded=True, request_handler=MotoRequestHandler)
    print(server.server_port, flush=True)
    server.serve_forever()


def replace_environment(**settings: str) -> None:
    """Nothing set for the caller's own AWS tools may change what an emulator does."""
    clean = layout.clean_environment(**settings)
    os.environ.clear()
    os.environ.update(clean)


def end_with_stdin() -> None:
    def wait() -> None:
        while os.read(0, 1 << 16):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


EMULATORS = {"ministack": ministack, "moto": moto}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in EMULATORS:
        raise SystemExit(__doc__)
    end_with_stdin()
    EMULATORS[sys.argv[1]]()
