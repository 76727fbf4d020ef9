resource "aws_acm_certificate" "this" {
  domain_name       = "app.example.com"
  validation_method = "DNS"
  tags              = { stage = var.stage }

  # ministack leaves them out when it describes a certificate.
  lifecycle {
    ignore_changes = [options]
  }
}
