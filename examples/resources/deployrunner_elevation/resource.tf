resource "deployrunner_task_role" "applier" {
  name = "infra-live-terraform-applier"
  task = "terraform-applier"

  trust = {
    services = [{ service = "codebuild.amazonaws.com" }]
  }

  permissions = {
    resource_types = ["aws_s3_bucket", "aws_sqs_queue"]
  }
}

# For two hours, the applier may also delete queues.
resource "deployrunner_elevation" "queues" {
  role_name = deployrunner_task_role.applier.name
  valid_for = "2h"

  permissions = {
    resource_types = ["aws_sqs_queue"]
    allow_destroy  = true
  }
}
