# The role that plans has the same name and path in every account, so its ARN is known before it is there.
locals {
  accounts = { dev = "111122223333", prod = "444455556666" }
}

output "planner_arns" {
  value = {
    for stage, id in local.accounts :
    stage => provider::deployrunner::role_arn(id, "terraform-planner", "/ci/")
  }
}
