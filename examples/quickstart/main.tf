# Ten lines give an account its deploy runner: a role that plans, one that applies and one that builds images, for the
# workflows of one repository on GitHub. It is made in the account of the credentials in use; no key is kept anywhere.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

# With this the account can check GitHub's tokens. One is enough, however many repositories there are.
resource "deployrunner_oidc_provider" "github" {
  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com"]
}

# `trust` is what was reviewed: only the main branch applies and builds. The planner is also trusted by pull requests and
# by every other branch, so it reads what `manages` names, takes the lock of the state, and sees no secrets.
resource "deployrunner_account_runner" "prod" {
  name    = "infra-live"
  trust   = { github = [{ repository = "acme/infra-live", branches = ["main"] }] }
  manages = { services = ["ec2", "rds", "s3"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner = {}
  applier = {}
  builder = { permissions = { ecr_push = { repository_arns = ["arn:aws:ecr:eu-west-1:111111111111:repository/*"] } } }
}

# Terraform before 1.2.7 takes no index right behind `roles`.
locals {
  role_arns = { for task, role in deployrunner_account_runner.prod.roles : task => role.arn }
}

output "planner_role_arn" {
  value = local.role_arns["terraform-planner"]
}

output "applier_role_arn" {
  value = local.role_arns["terraform-applier"]
}

output "builder_role_arn" {
  value = local.role_arns["docker-image-builder"]
}
