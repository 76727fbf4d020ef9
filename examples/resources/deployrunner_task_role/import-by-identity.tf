import {
  to = deployrunner_task_role.planner
  identity = {
    account_id = "111122223333"
    name       = "infra-live-terraform-planner"
  }
}
