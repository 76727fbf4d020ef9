# A deploy runner on GitLab CI: the account learns to check GitLab's tokens, and gets a role for each thing that the
# pipelines of one project do. No key is kept in CI variables.
#
# .gitlab-ci.yml then says:
#
#   .aws:
#     id_tokens:
#       AWS_TOKEN:
#         aud: https://gitlab.com          # what `audience` below is
#     variables:
#       AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-token
#       AWS_ROLE_SESSION_NAME: gitlab-$CI_PIPELINE_ID
#     before_script:
#       - printf %s "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
#
#   plan:
#     extends: .aws
#     rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
#     variables: { AWS_ROLE_ARN: "<planner_role_arn>" }
#     script: [terraform init -input=false, terraform plan -input=false]
#
#   apply:
#     extends: .aws
#     rules: [{ if: $CI_COMMIT_BRANCH == "main" }]
#     variables: { AWS_ROLE_ARN: "<applier_role_arn>" }
#     script: [terraform init -input=false, terraform apply -input=false -auto-approve]
#
# A job's variables are added to those of `.aws`. The subject of a token names project and branch: protect main, since
# whoever may push to it may apply.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "host" {
  description = "Host of the GitLab instance."
  type        = string
  default     = "gitlab.com"
}

variable "project" {
  description = "Path of the project with all its groups, exactly as GitLab spells it."
  type        = string
  default     = "acme/platform/infra-live"
}

locals {
  issuer = "https://${var.host}"
}

resource "deployrunner_oidc_provider" "gitlab" {
  url        = local.issuer
  client_ids = [local.issuer]
}

resource "deployrunner_account_runner" "infra_live" {
  name = "infra-live"

  # What was reviewed. The planner also trusts merge requests and every other branch.
  trust = {
    gitlab = [{
      host     = var.host
      project  = var.project
      branches = ["main"]
      audience = local.issuer
    }]
  }

  # Said once: the planner reads it, the applier changes it.
  manages = { resource_types = ["aws_s3_bucket", "aws_sqs_queue"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner = {}
  applier = {}
}

output "planner_role_arn" {
  value = deployrunner_account_runner.infra_live.roles["terraform-planner"].arn
}

output "applier_role_arn" {
  value = deployrunner_account_runner.infra_live.roles["terraform-applier"].arn
}
