# A deploy runner in the account itself, on Amazon ECS: each task has the role of its task definition, and CI holds none of
# them. It may call one function, which checks what it is asked for and starts the task.
#
# Each task definition names its role: the planner's runs `terraform plan`, the applier's `terraform apply`, the builder's
# builds and pushes an image.
#
#   task_role_arn = deployrunner_account_runner.ecs.roles["terraform-planner"].arn
#
# A job of CI assumes the invoker and says what is to run:
#
#   aws lambda invoke --function-name deploy-runner --payload '{"task": "plan", "ref": "…"}' answer.json
#
# Starting tasks directly (`task_definition_arns`, `cluster_arns`, `pass_role_arns`) would let CI choose the commands that
# run with the task's role; the function does not.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "account_id" {
  description = "The account of the function and the repository of images."
  type        = string
  default     = "111111111111"
}

variable "repository" {
  description = "The repository on GitHub whose main branch may call the function."
  type        = string
  default     = "acme/infra-live"
}

resource "deployrunner_oidc_provider" "github" {
  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com"]
}

resource "deployrunner_account_runner" "ecs" {
  name = "deploy-runner"

  # The trust policy is bound to ECS of this account, so that no other account's task can be given a role.
  trust = { services = [{ service = "ecs-tasks.amazonaws.com" }] }

  # Said once: the planner reads it, the applier changes it.
  manages = { resource_types = ["aws_s3_bucket", "aws_sqs_queue"] }
  state   = { bucket = "acme-tfstate", key_prefixes = ["prod/"], lock = "s3" }
  planner = {}
  applier = {}
  builder = {
    permissions = {
      ecr_push = { repository_arns = ["arn:aws:ecr:us-east-1:${var.account_id}:repository/public-api"] }
    }
  }

  # Not a task but a job of CI, so it is trusted otherwise.
  invoker = {
    trust = { github = [{ repository = var.repository, branches = ["main"] }] }
    permissions = {
      invoke = {
        lambda_function_arns = ["arn:aws:lambda:us-east-1:${var.account_id}:function:deploy-runner"]
        log_group_arns       = ["arn:aws:logs:us-east-1:${var.account_id}:log-group:/ecs/deploy-runner"]
      }
    }
  }
}

output "task_role_arns" {
  value = { for task, role in deployrunner_account_runner.ecs.roles : task => role.arn }
}
