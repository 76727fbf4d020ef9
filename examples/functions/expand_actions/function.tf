# What the wildcards of a policy stand for, and which of it writes.
locals {
  ecr_actions = provider::deployrunner::expand_actions(["ecr:*Layer*", "ecr:PutImage"])
}

output "ecr_writes" {
  value = [
    for action in local.ecr_actions :
    action if provider::deployrunner::access_level(action) == "write"
  ]
}
