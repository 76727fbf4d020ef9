resource "aws_kms_key" "ground" {
  provider = aws.root
  count    = 2
}

resource "aws_kms_alias" "this" {
  name          = "alias/app"
  target_key_id = aws_kms_key.ground[var.stage == "before" ? 0 : 1].key_id
}
