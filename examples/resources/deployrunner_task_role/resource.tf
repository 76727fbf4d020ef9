# Pull requests plan with this role, and a plan runs whatever code the branch holds. So it only reads.
resource "deployrunner_task_role" "planner" {
  name        = "infra-live-terraform-planner"
  task        = "terraform-planner"
  path        = "/ci/"
  description = "Plans acme/infra-live, from any branch"

  trust = {
    oidc = [{
      issuer    = "https://token.actions.githubusercontent.com"
      audiences = ["sts.amazonaws.com"]
      claims = {
        sub = ["repo:acme/infra-live:pull_request", "repo:acme/infra-live:ref:refs/heads/*"]
      }
    }]
  }

  permissions = {
    inline_policies = {
      read = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["ec2:Describe*", "s3:GetBucket*", "s3:ListAllMyBuckets"]
          Resource = "*"
        }]
      })
    }
  }

  tags = { Repository = "acme/infra-live" }
}
