"""Where the test ground keeps its parts, and the clean environment that everything in it runs in.

Owns paths and versions. Never makes, starts or downloads anything: that is `prepare.py` and `serve.py`.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUND = ROOT / "target" / "ground"
VENV = GROUND / "venv"
PYTHON = VENV / "bin" / "python"

TERRAFORM_VERSIONS = ("1.0.3", "1.8.4", "1.9.8", "1.15.5")
AWS_PROVIDER = GROUND / "providers" / "aws"
NULL_PROVIDER = GROUND / "providers" / "null"

KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "RUST_BACKTRACE")


def terraform(version: str = TERRAFORM_VERSIONS[-1]) -> Path:
    """The `terraform` command of one version; the newest unless told."""
    return GROUND / "terraform" / version / "terraform"


def clean_environment(**more: str) -> dict[str, str]:
    """An environment that nothing of the caller's own Terraform or AWS setup reaches.

    A list of what is kept, and not of what is taken away: `TF_*`, `AWS_*`, proxies and whatever comes later
    stay out without being named.
    """
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", **more}
