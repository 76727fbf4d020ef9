resource "aws_efs_file_system" "this" {
  creation_token = "data"
  tags           = { stage = var.stage }
}
