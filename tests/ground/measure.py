"""Measures providers from outside: how soon one is ready, and how much memory all of a run's take together.

Reads only the clock and /proc. Owns no configuration and prints nothing.
"""

import datetime
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import layout

# What a host says to a plugin, and without which a plugin refuses to serve.
COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
MIB = 1024.0


@dataclass(frozen=True)
class Handshake:
    """One start of a provider: milliseconds until its handshake line, and its memory then, in MiB."""

    milliseconds: float
    rss: float
    pss: float


def host_certificate() -> str:
    """A certificate as a host makes one for each plugin: without it a plugin would skip half of its start-up."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA512())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def handshake(binary: Path, certificate: str) -> Handshake:
    """Starts the provider as a host does, and ends it at its handshake line."""
    with tempfile.TemporaryDirectory(prefix="dr-", dir="/tmp") as folder:
        environment = layout.clean_environment(
            **COOKIE, PLUGIN_PROTOCOL_VERSIONS="5,6", PLUGIN_CLIENT_CERT=certificate, TMPDIR=folder, HOME=folder
        )
        started = time.perf_counter()
        process = subprocess.Popen(
            [binary], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            line = process.stdout.readline().decode()
            seconds = time.perf_counter() - started
            if line.count("|") < 4:
                raise SystemExit(f"bench: {binary.name} gave no handshake line but {line!r}")
            memory = smaps(process.pid)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    return Handshake(seconds * 1000, memory["Rss"] / MIB, memory["Pss"] / MIB)


def smaps(pid: int) -> dict[str, float]:
    """The kernel's sums over a process's memory, in KiB by name."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: float(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}


@dataclass
class Memory:
    """The provider processes of one run: the largest sums over those alive at one moment, in MiB."""

    processes: int = 0
    peak_rss: float = 0.0
    peak_pss: float = 0.0


class Watch:
    """Samples the provider processes below `root` while the `with` block lasts; the result is in `memory`."""

    INTERVAL = 0.05
    # Summing up a process's shared pages takes the kernel a while and holds the process up: every fifth time.
    EVERY = 5

    def __init__(self, root: int) -> None:
        self.memory = Memory()
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        turn = 0
        while not self._over.wait(self.INTERVAL):
            alive = providers_below(self._root)
            self.memory.processes = max(self.memory.processes, len(alive))
            # Each process's own high-water mark, so that a peak between two samples is not missed.
            self.memory.peak_rss = max(self.memory.peak_rss, sum(map(high_water_mark, alive)) / MIB)
            if turn % self.EVERY == 0:
                self.memory.peak_pss = max(self.memory.peak_pss, sum(map(proportional, alive)) / MIB)
            turn += 1


def providers_below(root: int) -> list[int]:
    """The processes started by `root` whose binary is a provider's."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == root and (entry / "exe").readlink().name.startswith("terraform-provider-"):
                    found.append(int(entry.name))
            except OSError:
                continue  # it has ended since it was listed
    return found


def high_water_mark(pid: int) -> float:
    """The most that the process ever had resident, in KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def proportional(pid: int) -> float:
    """The process's memory with each shared page divided among its sharers, in KiB."""
    try:
        return smaps(pid)["Pss"]
    except OSError:
        return 0.0
