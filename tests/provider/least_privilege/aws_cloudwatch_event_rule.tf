resource "aws_cloudwatch_event_rule" "this" {
  name                = "nightly"
  schedule_expression = var.stage == "before" ? "rate(1 day)" : "rate(2 days)"
  tags                = { stage = var.stage }
}
