# A deploy runner on GitHub Actions: the account learns to check GitHub's tokens, and gets a role for each thing that the
# workflows of one repository do. No key is kept anywhere.
#
# The workflow then says, for example in .github/workflows/terraform.yml:
#
#   on:
#     pull_request:
#     push: { branches: [main] }
#
#   permissions:
#     contents: read
#     id-token: write      # without it, the job gets no token
#
#   jobs:
#     plan:
#       if: github.event_name == 'pull_request'
#       runs-on: ubuntu-latest
#       steps:
#         - uses: actions/checkout@v5
#         - uses: aws-actions/configure-aws-credentials@v6
#           with: { role-to-assume: "<planner_role_arn>", aws-region: eu-west-1 }
#         - run: terraform init -input=false && terraform plan -input=false
#     apply:
#       if: github.ref == 'refs/heads/main'
#       runs-on: ubuntu-latest
#       steps:               # the same with "<applier_role_arn>" and `terraform apply`
#
# Whoever may push to main may change what the apply job does. Protect the branch, and let reviewers own .github/.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "repository" {
  description = "Owner and name, exactly as GitHub spells them."
  type        = string
  default     = "acme/infra-live"
}

variable "ids" {
  description = "IDs of owner and repository (`gh api repos/acme/infra-live --jq '.owner.id, .id'`): subjects of both forms match, and nobody who takes over the name is trusted."
  type        = object({ owner = string, repository = string })
  default     = { owner = "1234567", repository = "89012345" }
}

# One in each account, however many repositories there are.
resource "deployrunner_oidc_provider" "github" {
  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com"]
}

resource "deployrunner_account_runner" "infra_live" {
  name = "infra-live"

  # What was reviewed. The planner also trusts pull requests and every other branch.
  trust = {
    github = [{
      repository    = var.repository
      owner_id      = var.ids.owner
      repository_id = var.ids.repository
      branches      = ["main"]
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
