resource "aws_cloudwatch_log_group" "this" {
  name              = "/app"
  retention_in_days = var.stage == "before" ? 7 : 14
  tags              = { stage = var.stage }
}
