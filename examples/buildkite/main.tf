# A role for one pipeline on Buildkite, whose agents get tokens with the audience `sts.amazonaws.com`. An issuer without an
# argument of its own in `trust` is an entry of `oidc`.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "organization" {
  description = "Slug of the organization on Buildkite."
  type        = string
  default     = "acme"
}

resource "deployrunner_oidc_provider" "buildkite" {
  url        = "https://agent.buildkite.com"
  client_ids = ["sts.amazonaws.com"]
}

resource "deployrunner_task_role" "applier" {
  name                 = "infra-live-terraform-applier"
  task                 = "terraform-applier"
  max_session_duration = 7200

  trust = {
    oidc = [{
      issuer    = deployrunner_oidc_provider.buildkite.url
      audiences = ["sts.amazonaws.com"]
      claims = {
        sub = ["organization:${var.organization}:pipeline:infra-live:ref:refs/heads/main:*"]
      }
    }]
  }

  permissions = {
    resource_types = ["aws_sqs_queue"]
    resources      = ["arn:aws:sqs:*:*:infra-live-*"]
  }
}

output "role_arn" {
  value = deployrunner_task_role.applier.arn
}
