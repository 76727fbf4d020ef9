resource "aws_iam_role" "ground" {
  provider = aws.root
  name     = "web-task"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_ecs_task_definition" "this" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.ground.arn
  execution_role_arn       = aws_iam_role.ground.arn
  container_definitions    = jsonencode([{ name = "web", image = "nginx", essential = true }])
  tags                     = { stage = var.stage }
}
