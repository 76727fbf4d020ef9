# What the planner's policy must and must not allow. An answer that depends on something not given is null, which
# equals neither true nor false, so it fails the check as well.
locals {
  planner_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = ["arn:aws:s3:::acme-tfstate", "arn:aws:s3:::acme-tfstate/prod/*"]
      Condition = {
        StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" }
      }
    }]
  })
}

check "planner" {
  assert {
    condition = provider::deployrunner::policy_allows(
      local.planner_policy, "s3:GetObject", "arn:aws:s3:::acme-tfstate/prod/network.tfstate",
      { "aws:PrincipalOrgID" = ["o-a1b2c3d4e5"] },
    ) == true
    error_message = "The planner cannot read its state."
  }

  assert {
    condition = provider::deployrunner::policy_allows(
      local.planner_policy, "s3:PutObject", "arn:aws:s3:::acme-tfstate/prod/network.tfstate",
    ) == false
    error_message = "The planner may be able to write state."
  }
}
