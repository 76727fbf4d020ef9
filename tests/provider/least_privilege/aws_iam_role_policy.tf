resource "aws_iam_role" "ground" {
  provider             = aws.root
  name                 = "app"
  permissions_boundary = var.boundary

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "logs"
  role = aws_iam_role.ground.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = var.stage, Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }]
  })
}
