resource "aws_ssm_parameter" "this" {
  name  = "/app/level"
  type  = "String"
  value = var.stage
  tags  = { stage = var.stage }
}
