# What a planner needs to look at the queues and tables of one application, and at nothing else.
data "deployrunner_service_policy" "planner" {
  services      = ["dynamodb", "sqs"]
  access_levels = ["list", "read"]
  resources = [
    "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*",
    "arn:aws:sqs:eu-west-1:111122223333:orders-*",
  ]
}

output "planner_policy" {
  value = data.deployrunner_service_policy.planner.minified_json
}

# Some actions cannot be limited to a table or a queue. Allow them where they are needed, knowing that.
output "planner_needs_everywhere" {
  value = data.deployrunner_service_policy.planner.unscoped_actions
}
