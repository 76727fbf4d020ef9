# Without a policy within: taking that away changes the role for AWS, so that a refused destroy would have done half.
resource "aws_iam_role" "this" {
  name                 = "app"
  description          = var.stage
  permissions_boundary = var.boundary
  tags                 = { stage = var.stage }

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
