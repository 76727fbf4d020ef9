# What a deployment of one service needs: new revisions of its task definition, with the roles that it has.
data "deployrunner_ecs_service_deployment_policy" "api" {
  service_arns         = ["arn:aws:ecs:eu-west-1:111122223333:service/prod/api"]
  task_definition_arns = ["arn:aws:ecs:eu-west-1:111122223333:task-definition/api"]
  pass_role_arns = [
    "arn:aws:iam::111122223333:role/api-task",
    "arn:aws:iam::111122223333:role/api-task-execution",
  ]
}

output "api_deployment_policy" {
  value = data.deployrunner_ecs_service_deployment_policy.api.minified_json
}
