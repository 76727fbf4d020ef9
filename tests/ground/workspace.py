"""A folder with a Terraform configuration, and a running emulator: what the demo and the benchmark both stand on.

Owns the processes it starts and ends them. Never says what is in a configuration.
"""

import json
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import layout

REGION = "us-east-1"


class Emulator:
    """An emulator of AWS for as long as the `with` block lasts."""

    def __init__(self, name: str = "ministack") -> None:
        self._name = name

    def __enter__(self) -> "Emulator":
        command = [layout.PYTHON, layout.ROOT / "tests" / "ground" / "serve.py", self._name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = self._process.stdout.readline().strip()
        if not port:
            raise SystemExit(f"{self._name} did not start; its error is above")
        self.endpoint = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def calls(self) -> list[dict[str, object]]:
        """Every call so far, as `ledger.py` wrote it down."""
        with urllib.request.urlopen(f"{self.endpoint}/_ground/calls") as answer:
            return json.load(answer)


class TerraformFailed(Exception):
    """Terraform ended with an error; the text is what it said."""


class Workspace:
    """A configuration in a short-lived folder, and the newest Terraform to run on it."""

    def __init__(self, providers: Mapping[str, Path], environment: Mapping[str, str]) -> None:
        """`providers` maps a source address to the folder that its binary is in."""
        # In /tmp and not under target/: a plugin's socket lives in here, and its path may have 107 bytes at most.
        self.folder = Path(tempfile.mkdtemp(prefix="dr-", dir="/tmp"))
        overrides = "".join(f'    "{source}" = "{folder}"\n' for source, folder in providers.items())
        (self.folder / "cli.tfrc").write_text(
            f"disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n"
        )
        self.environment = layout.clean_environment(
            HOME=str(self.folder),
            TMPDIR=str(self.folder),
            TF_CLI_CONFIG_FILE=str(self.folder / "cli.tfrc"),
            AWS_EC2_METADATA_DISABLED="true",
            **environment,
        )

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen]:
        """Terraform, running; it is ended with the `with` block at the latest."""
        # Into a file: a pipe that nobody reads would fill up and stop it.
        with (self.folder / "output.txt").open("w") as output:
            process = subprocess.Popen(
                [layout.terraform(), *arguments],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def check(self, process: subprocess.Popen) -> str:
        """What the Terraform that has ended said; raises `TerraformFailed` with the end of it when it failed."""
        said = (self.folder / "output.txt").read_text()
        if process.returncode != 0:
            command = " ".join(map(str, process.args[1:]))
            raise TerraformFailed("\n".join([f"terraform {command}", *said.splitlines()[-60:]]))
        return said

    def run(self, *arguments: str, seconds: float = 300) -> str:
        """What Terraform said, all of it; raises `TerraformFailed` when it failed or took longer than `seconds`."""
        with self.start(*arguments) as process:
            process.wait(seconds)
        return self.check(process)
