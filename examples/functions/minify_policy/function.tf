# The same permissions in fewer characters, for IAM's quotas.
output "minified_policy" {
  value = provider::deployrunner::minify_policy(jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObject", "s3:ListBucket"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ec2:DescribeInstances"]
        Resource = ["*"]
      },
    ]
  }))
}
