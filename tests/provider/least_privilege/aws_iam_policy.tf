resource "aws_iam_policy" "this" {
  name = "logs"
  tags = { stage = var.stage }

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = var.stage, Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }]
  })
}
