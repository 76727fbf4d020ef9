# A runner in every account of an organization: one provider block, one process, and a job that reaches dev does not reach
# prod, since each account has roles of its own.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "accounts" {
  description = "Account IDs by name. The name is also the environment of GitHub's whose jobs apply there, and the prefix of the state."
  type        = map(string)
  default = {
    dev     = "222222222222"
    staging = "333333333333"
    prod    = "444444444444"
  }
}

variable "repository" {
  description = "Owner and name of the infra-live repository, exactly as GitHub spells them."
  type        = string
  default     = "acme/infra-live"
}

# Each account is entered through this role, when something in it is first needed. Accounts that were not made by the
# organization may have another one: name it in `overrides`.
provider "deployrunner" {
  account_role = { name = "OrganizationAccountAccessRole" }
  default_tags = { ManagedBy = "terraform" }
}

resource "deployrunner_oidc_provider" "github" {
  for_each   = var.accounts
  account_id = each.value

  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com"]
}

resource "deployrunner_account_runner" "infra_live" {
  for_each   = var.accounts
  account_id = each.value

  name = "infra-live"
  path = "/ci/"
  tags = { Environment = each.key }

  # Jobs of this environment alone apply here; GitHub asks its reviewers first. Every branch and pull request may plan.
  trust = { github = [{ repository = var.repository, environments = [each.key] }] }

  manages = { services = ["ec2", "rds", "s3"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["${each.key}/"], lock = "s3" }
  planner = {}
  applier = {}
}

# For Terragrunt's `iam_role`, or a workspace's TFC_AWS_PLAN_ROLE_ARN and TFC_AWS_APPLY_ROLE_ARN.
output "role_arns" {
  value = {
    for account, runner in deployrunner_account_runner.infra_live :
    account => { for task, role in runner.roles : task => role.arn }
  }
}
