# The same planner in every account of an organization: one provider block, one process.
# CI runs in a central account; its role assumes the planner of the account that a plan is for.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "accounts" {
  description = "Account IDs by name."
  type        = map(string)
  default = {
    dev     = "222222222222"
    staging = "333333333333"
    prod    = "444444444444"
  }
}

variable "ci_role_arn" {
  description = "The role that CI jobs run as. It need not exist yet."
  type        = string
  default     = "arn:aws:iam::111111111111:role/ci-runner"
}

provider "deployrunner" {
  account_role        = { name = "OrganizationAccountAccessRole" }
  allowed_account_ids = values(var.accounts)
  default_tags        = { ManagedBy = "terraform" }
}

resource "deployrunner_task_role" "planner" {
  for_each   = var.accounts
  account_id = each.value

  name  = "terraform-planner"
  task  = "terraform-planner"
  path  = "/ci/"
  trust = { aws = [{ principals = [var.ci_role_arn], match = "condition" }] }
  # Without `permissions`, a planner has AWS's ReadOnlyAccess under a deny of secrets and stored content.
  tags = { Account = each.key }
}

output "planner_role_arns" {
  value = { for name, role in deployrunner_task_role.planner : name => role.arn }
}
