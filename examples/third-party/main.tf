# A planner for a CI service that works from an AWS account of its own, for many customers. The external ID keeps
# the service from being led into this account by another customer; it is not a secret.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "service_account_id" {
  description = "The account that the CI service works from."
  type        = string
  default     = "999999999999"
}

variable "external_id" {
  description = "The external ID that the service assigned to this account."
  type        = string
  default     = "acme:infra-live:read"
}

resource "deployrunner_task_role" "planner" {
  name  = "infra-live-terraform-planner"
  task  = "terraform-planner"
  trust = { aws = [{ principals = [var.service_account_id], external_id = var.external_id }] }

  permissions = {
    services = ["s3"]
  }
}

output "role_arn" {
  value = deployrunner_task_role.planner.arn
}

output "trusted" {
  value = deployrunner_task_role.planner.trust_summary
}
