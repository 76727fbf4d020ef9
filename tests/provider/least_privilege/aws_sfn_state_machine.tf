resource "aws_iam_role" "ground" {
  provider = aws.root
  name     = "machine"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" } }]
  })
}

resource "aws_sfn_state_machine" "this" {
  name       = "orders"
  role_arn   = aws_iam_role.ground.arn
  definition = jsonencode({ Comment = var.stage, StartAt = "Done", States = { Done = { Type = "Succeed" } } })
  tags       = { stage = var.stage }
}
