# Pull requests plan with this role, and a plan runs whatever code the branch holds. So it only reads.
resource "deployrunner_task_role" "planner" {
  name        = "infra-live-terraform-planner"
  task        = "terraform-planner"
  path        = "/ci/"
  description = "Plans acme/infra-live, from any branch"

  trust = {
    github = [{ repository = "acme/infra-live", branches = ["*"], pull_requests = true }]
  }

  # What the stacks contain, and where their state is. Reading secrets and stored content is left out.
  permissions = {
    resource_types = ["aws_ecs_service", "aws_s3_bucket", "aws_sqs_queue"]
    regions        = ["eu-west-1"]
    state          = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  }

  tags = { Repository = "acme/infra-live" }
}

# Only the main branch applies: it creates and updates the same resources. Deletes take `allow_destroy`.
resource "deployrunner_task_role" "applier" {
  name = "infra-live-terraform-applier"
  task = "terraform-applier"
  path = "/ci/"

  trust = {
    github = [{ repository = "acme/infra-live", branches = ["main"] }]
  }

  permissions = {
    resource_types = ["aws_ecs_service", "aws_s3_bucket", "aws_sqs_queue"]
    regions        = ["eu-west-1"]
    state          = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
    pass_roles = [{
      role_arns = ["arn:aws:iam::111122223333:role/app/*"]
      services  = ["ecs-tasks.amazonaws.com"]
    }]
  }
}
