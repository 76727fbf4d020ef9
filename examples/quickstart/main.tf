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
  read       = ["s3:GetBucket*", "s3:ListAllMyBuckets"]
  change     = ["s3:CreateBucket", "s3:PutBucketTagging", "s3:PutBucketVersioning"]
}

# Any branch and any pull request plans: code that nobody has reviewed. It may look and not touch.
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
  permissions = { inline_policies = { read = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = local.read, Resource = "*" }]
  }) } }
}

# Only the main branch applies. It may change what it manages, and delete nothing.
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
  permissions = { inline_policies = { change = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = concat(local.read, local.change), Resource = "*" }]
  }) } }
}

output "planner_role_arn" {
  value = deployrunner_task_role.planner.arn
}

output "applier_role_arn" {
  value = deployrunner_task_role.applier.arn
}
