"""The providers that are measured against each other, each with the configuration that does the same work.

The work: in each of 30 accounts three roles, each with one inline policy, made through a role of that account. The
null provider makes as many resources that are nothing: what Terraform itself takes is below any provider's reach.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import layout
from workspace import REGION

MANAGEMENT_ACCOUNT = "111111111111"
ACCESS_ROLE = "OrganizationAccountAccessRole"
MANY_ACCOUNTS = tuple(str(300_000_000_001 + number) for number in range(1_000))
ACCOUNTS = MANY_ACCOUNTS[:30]
ROLES = ("planner", "applier", "builder")
BUCKET = "tfstate"
SERVICE = "codebuild.amazonaws.com"
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole"}],
    }
)


@dataclass(frozen=True)
class Contender:
    """A provider: what to call it, its address and binary, and its configuration for an endpoint."""

    name: str
    source: str
    binary: Path
    configuration: Callable[[str], str]


def ours(binary: Path, accounts: tuple[str, ...] = ACCOUNTS) -> Contender:
    """One provider block, which reaches every account."""

    def configuration(endpoint: str) -> str:
        return f"""
terraform {{
  required_providers {{
    deployrunner = {{ source = "deployrunner/deployrunner" }}
  }}
}}
provider "deployrunner" {{
  region       = "{REGION}"
  access_key   = "{MANAGEMENT_ACCOUNT}"
  secret_key   = "test"
  endpoints    = {{ iam = "{endpoint}", sts = "{endpoint}" }}
  account_role = {{ name = "{ACCESS_ROLE}" }}
}}
locals {{
  roles = {{ for pair in setproduct({json.dumps(accounts)}, {json.dumps(ROLES)}) : join("-", pair) => pair }}
}}
resource "deployrunner_task_role" "this" {{
  for_each   = local.roles
  account_id = each.value[0]
  name       = each.value[1]
  task       = "custom"
  trust      = {{ services = [{{ service = "{SERVICE}" }}] }}
  permissions = {{
    inline_policies = {{ work = jsonencode({POLICY}) }}
  }}
}}
"""

    return Contender("deployrunner", "deployrunner/deployrunner", binary, configuration)


def s3_backend(endpoint: str) -> str:
    """The state in a bucket of the management account."""
    return f"""
terraform {{
  backend "s3" {{
    bucket         = "{BUCKET}"
    key            = "organization"
    region         = "{REGION}"
    access_key     = "{MANAGEMENT_ACCOUNT}"
    secret_key     = "test"
    use_path_style = true
    endpoints      = {{ s3 = "{endpoint}", sts = "{endpoint}", iam = "{endpoint}" }}
  }}
}}
"""


def aws() -> Contender:
    """As many provider blocks as accounts, since one reaches one; everything that can be skipped is."""

    def block(endpoint: str, account: str) -> str:
        return f"""
provider "aws" {{
  alias                       = "a{account}"
  region                      = "{REGION}"
  access_key                  = "{MANAGEMENT_ACCOUNT}"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_get_ec2_platforms      = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
  assume_role {{
    role_arn = "arn:aws:iam::{account}:role/{ACCESS_ROLE}"
  }}
  endpoints {{
    iam = "{endpoint}"
    sts = "{endpoint}"
  }}
}}
resource "aws_iam_role" "a{account}" {{
  for_each           = toset({json.dumps(ROLES)})
  provider           = aws.a{account}
  name               = each.key
  assume_role_policy = jsonencode({TRUST})
  inline_policy {{
    name   = "work"
    policy = jsonencode({POLICY})
  }}
}}
"""

    return Contender(
        "aws 3.39.0",
        "hashicorp/aws",
        layout.AWS_PROVIDER / "terraform-provider-aws_v3.39.0_x5",
        lambda endpoint: "".join(block(endpoint, account) for account in ACCOUNTS),
    )


def null() -> Contender:
    """The floor: as many resources, and no work."""
    return Contender(
        "null 2.1.2",
        "hashicorp/null",
        layout.NULL_PROVIDER / "terraform-provider-null_v2.1.2_x4",
        lambda _: f'resource "null_resource" "this" {{\n  count = {len(ACCOUNTS) * len(ROLES)}\n}}\n',
    )
