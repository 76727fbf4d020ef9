resource "aws_vpc" "ground" {
  provider   = aws.root
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "ground" {
  provider          = aws.root
  count             = 2
  vpc_id            = aws_vpc.ground.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_db_subnet_group" "this" {
  name        = "app"
  description = var.stage
  subnet_ids  = aws_subnet.ground[*].id
  tags        = { stage = var.stage }
}
