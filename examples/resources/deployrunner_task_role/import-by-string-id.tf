import {
  to = deployrunner_task_role.planner
  id = "arn:aws:iam::111122223333:role/ci/infra-live-terraform-planner"
}
