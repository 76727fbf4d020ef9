resource "aws_sns_topic" "this" {
  name         = "alerts"
  display_name = var.stage
  tags         = { stage = var.stage }
}
