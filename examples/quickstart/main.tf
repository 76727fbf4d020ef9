# A planner and an applier for one repository on GitHub, in the account of the credentials in use.
# The account needs GitHub as an identity provider, which one `aws iam create-open-id-connect-provider` gives it.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

locals {
  repository = "acme/infra-live"

  # Said once: the planner reads it, the applier changes it.
  manages = ["s3", "sqs"]
}

# Any branch and any pull request plans: code that nobody has reviewed. It may look and not touch, and sees no secrets.
resource "deployrunner_task_role" "planner" {
  name = "infra-live-terraform-planner"
  task = "terraform-planner"
  trust = {
    oidc = [{
      issuer    = "https://token.actions.githubusercontent.com"
      audiences = ["sts.amazonaws.com"]
      claims    = { sub = ["repo:${local.repository}:pull_request", "repo:${local.repository}:ref:refs/heads/*"] }
    }]
  }
  permissions = { services = local.manages }
}

# Only the main branch applies. It may change what it manages, and delete nothing until `allow_destroy` is set.
resource "deployrunner_task_role" "applier" {
  name = "infra-live-terraform-applier"
  task = "terraform-applier"
  trust = {
    oidc = [{
      issuer    = "https://token.actions.githubusercontent.com"
      audiences = ["sts.amazonaws.com"]
      claims    = { sub = ["repo:${local.repository}:ref:refs/heads/main"] }
    }]
  }
  permissions = { services = local.manages }
}

output "planner_role_arn" {
  value = deployrunner_task_role.planner.arn
}

output "applier_role_arn" {
  value = deployrunner_task_role.applier.arn
}
