# By ARN, in whichever account it is
terraform import deployrunner_task_role.planner arn:aws:iam::111122223333:role/ci/infra-live-terraform-planner

# By account and name
terraform import deployrunner_task_role.planner 111122223333/infra-live-terraform-planner

# By name alone, in the provider's own account
terraform import deployrunner_task_role.planner infra-live-terraform-planner
