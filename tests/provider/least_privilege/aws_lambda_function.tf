resource "aws_iam_role" "ground" {
  provider = aws.root
  name     = "function"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = "app"
  package_type  = "Image"
  image_uri     = "${var.account_id}.dkr.ecr.us-east-1.amazonaws.com/app:1"
  role          = aws_iam_role.ground.arn
  memory_size   = var.stage == "before" ? 128 : 256
  tags          = { stage = var.stage }
}
