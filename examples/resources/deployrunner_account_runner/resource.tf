resource "deployrunner_account_runner" "prod" {
  name    = "infra-live"
  trust   = { github = [{ repository = "acme/infra-live", branches = ["main"] }] }
  manages = { services = ["ec2", "rds", "s3"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner = {}
  applier = {}
  builder = { permissions = { ecr_push = { repository_arns = ["arn:aws:ecr:eu-west-1:111111111111:repository/*"] } } }
}

# What a Terragrunt or HCP Terraform configuration needs.
output "role_arns" {
  value = { for task, role in deployrunner_account_runner.prod.roles : task => role.arn }
}
