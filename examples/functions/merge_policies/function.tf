# One policy from what two teams wrote.
locals {
  state = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "State"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::acme-tfstate/prod/*"
    }]
  })

  images = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ecr:GetAuthorizationToken"
      Resource = "*"
    }]
  })
}

output "builder_policy" {
  value = provider::deployrunner::merge_policies(local.state, local.images)
}
