resource "aws_iam_role" "ground" {
  provider = aws.root
  name     = "app"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = "app"
  role = aws_iam_role.ground.name
  tags = { stage = var.stage }
}
