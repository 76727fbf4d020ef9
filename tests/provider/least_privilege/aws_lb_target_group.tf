resource "aws_vpc" "ground" {
  provider   = aws.root
  cidr_block = "10.0.0.0/16"
}

resource "aws_lb_target_group" "this" {
  name                 = "web"
  port                 = 80
  protocol             = "HTTP"
  vpc_id               = aws_vpc.ground.id
  deregistration_delay = var.stage == "before" ? 300 : 60
  tags                 = { stage = var.stage }
}
