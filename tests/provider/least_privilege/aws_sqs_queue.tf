resource "aws_sqs_queue" "this" {
  name                       = "jobs"
  visibility_timeout_seconds = var.stage == "before" ? 30 : 60
  tags                       = { stage = var.stage }
}
