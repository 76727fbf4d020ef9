# A deploy runner on HCP Terraform: a role for the plan phase of a run, which executes code before anybody has reviewed
# it, and another for the apply phase. HCP Terraform keeps the state, so no role reads or writes any.
#
# The workspaces get these environment variables, for example from a variable set:
#
#   TFC_AWS_PROVIDER_AUTH   true
#   TFC_AWS_PLAN_ROLE_ARN   <planner_role_arn>
#   TFC_AWS_APPLY_ROLE_ARN  <applier_role_arn>
#
# and not TFC_AWS_RUN_ROLE_ARN, which would be one role for both. Runs then sign in by themselves: their configuration has
# an AWS provider without keys.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "organization" {
  description = "Name of the organization on HCP Terraform."
  type        = string
  default     = "acme"
}

variable "project" {
  description = "Name of the project whose workspaces deploy into this account."
  type        = string
  default     = "Live"
}

variable "workspaces" {
  description = "Name of the workspaces, or a pattern of it."
  type        = string
  default     = "prod-*"
}

resource "deployrunner_oidc_provider" "hcp_terraform" {
  url        = "https://app.terraform.io"
  client_ids = ["aws.workload.identity"]
}

resource "deployrunner_account_runner" "prod" {
  name = "hcp-terraform"

  # The apply phase; the planner trusts the plan phase of the same workspaces.
  trust = {
    hcp_terraform = [{
      organization = var.organization
      project      = var.project
      workspace    = var.workspaces
    }]
  }

  # Said once: the planner reads it, the applier changes it.
  manages = { resource_types = ["aws_s3_bucket", "aws_sqs_queue"] }
  planner = {}
  applier = {}
}

output "planner_role_arn" {
  value = deployrunner_account_runner.prod.roles["terraform-planner"].arn
}

output "applier_role_arn" {
  value = deployrunner_account_runner.prod.roles["terraform-applier"].arn
}
