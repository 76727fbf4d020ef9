# What `terraform plan` takes of the state: to read it, under a lock file, and with it the states of the network that
# these stacks depend on.
data "deployrunner_terraform_remote_state_s3_policy" "plan" {
  bucket            = "acme-tfstate"
  key_prefixes      = ["prod/"]
  read_key_prefixes = ["shared/network/"]
  kms_key_arn       = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  access            = "read"
}

# What `terraform apply` takes where locks are in a table and there are workspaces.
data "deployrunner_terraform_remote_state_s3_policy" "apply" {
  bucket               = "acme-tfstate"
  key_prefixes         = ["prod/"]
  workspace_key_prefix = "env:"
  lock                 = "dynamodb"
  lock_table_arn       = "arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks"
  access               = "write"
}

output "state_policies" {
  value = {
    plan  = data.deployrunner_terraform_remote_state_s3_policy.plan.minified_json
    apply = data.deployrunner_terraform_remote_state_s3_policy.apply.minified_json
  }
}
