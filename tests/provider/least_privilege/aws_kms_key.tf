resource "aws_kms_key" "this" {
  description             = var.stage
  enable_key_rotation     = true
  deletion_window_in_days = 7
  tags                    = { stage = var.stage }
}
