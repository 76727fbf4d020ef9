resource "aws_ecr_repository" "this" {
  name                 = "web"
  image_tag_mutability = var.stage == "before" ? "MUTABLE" : "IMMUTABLE"
  tags                 = { stage = var.stage }

  image_scanning_configuration {
    scan_on_push = true
  }
}
