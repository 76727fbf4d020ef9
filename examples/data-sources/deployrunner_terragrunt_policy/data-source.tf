# The locks of the states of `prod/`, to be taken and released by `terragrunt plan`.
data "deployrunner_terragrunt_policy" "locks" {
  lock_table_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks"
  bucket         = "acme-tfstate"
  key_prefixes   = ["prod/"]
  access         = "read"
}

output "lock_policy" {
  value = data.deployrunner_terragrunt_policy.locks.minified_json
}
