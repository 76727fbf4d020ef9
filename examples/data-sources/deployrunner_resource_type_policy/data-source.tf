# What an applier needs for a stack of buckets and queues that it never deletes.
data "deployrunner_resource_type_policy" "applier" {
  resource_types = ["aws_s3_bucket", "aws_sqs_queue"]
  operations     = ["create", "read", "update"]
}

output "applier_policy" {
  value = data.deployrunner_resource_type_policy.applier.minified_json
}

# What is not known needs a look by a person.
output "applier_unknown" {
  value = data.deployrunner_resource_type_policy.applier.unknown_operations
}
