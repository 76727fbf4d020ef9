resource "aws_vpc" "ground" {
  provider   = aws.root
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "this" {
  name   = "web"
  vpc_id = aws_vpc.ground.id
  tags   = { stage = var.stage }

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [var.stage == "before" ? "10.0.0.0/16" : "10.0.0.0/24"]
  }
}
