resource "aws_secretsmanager_secret" "this" {
  name                    = "app"
  description             = var.stage
  recovery_window_in_days = 0
  tags                    = { stage = var.stage }
}
