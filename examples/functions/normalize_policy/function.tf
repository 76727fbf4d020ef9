# The policy as it is written here, and as IAM gave it back: order and spelling differ, the meaning does not.
locals {
  written = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:GetObject"]
      Resource = "*"
    }]
  })

  live = jsonencode({
    Statement = {
      Resource = ["*"]
      Action   = ["s3:getobject", "s3:listbucket"]
      Effect   = "Allow"
    }
    Version = "2012-10-17"
  })
}

output "same_policy" {
  value = (
    provider::deployrunner::normalize_policy(local.written) ==
    provider::deployrunner::normalize_policy(local.live)
  )
}
