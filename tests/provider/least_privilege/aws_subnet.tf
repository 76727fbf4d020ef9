resource "aws_vpc" "ground" {
  provider   = aws.root
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id                  = aws_vpc.ground.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = var.stage != "before"
  tags                    = { stage = var.stage }
}
