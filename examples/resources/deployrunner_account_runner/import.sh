# By name, for a runner in the provider's own account; its roles are named after it.
terraform import deployrunner_account_runner.prod infra-live

# By account and name.
terraform import deployrunner_account_runner.prod 111122223333/infra-live

# Roles that are named otherwise follow, each with its task.
terraform import deployrunner_account_runner.prod 111122223333/infra-live,terraform-planner=ci-plan,terraform-applier=ci-apply
