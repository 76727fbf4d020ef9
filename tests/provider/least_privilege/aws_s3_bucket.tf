resource "aws_s3_bucket" "this" {
  bucket = "logs-${var.account_id}"
  acl    = "private"
  tags   = { stage = var.stage }

  versioning {
    enabled = true
  }

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }

  lifecycle_rule {
    id      = "expire"
    enabled = true

    expiration {
      days = var.stage == "before" ? 30 : 60
    }
  }
}
