# What the quickstart has not: a runner that another account's role starts, with an external ID; a builder that runs as a
# task of Amazon ECS; an invoker, a role for the state alone, and one for each service; a planner that reads the whole
# account; and a lock in DynamoDB.

terraform {
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

locals {
  home = "eu-west-1:222222222222"
}

# The second audience is one that no role takes.
resource "deployrunner_oidc_provider" "github" {
  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com", "https://github.com/acme"]
}

resource "deployrunner_account_runner" "shared" {
  name = "shared"
  trust = {
    aws = [{
      principals  = ["arn:aws:iam::333333333333:role/ci-runner"]
      match       = "condition"
      external_id = "acme-prod"
    }]
  }
  manages = { resource_types = ["aws_ecr_repository", "aws_sqs_queue"] }
  state = {
    bucket         = "acme-tfstate"
    key_prefixes   = ["prod/"]
    lock           = "dynamodb"
    lock_table_arn = "arn:aws:dynamodb:${local.home}:table/terraform-locks"
  }

  planner    = { permissions = { base = "read-only" } }
  applier    = {}
  state_role = {}
  builder = {
    trust       = { services = [{ service = "ecs-tasks.amazonaws.com" }] }
    permissions = { ecr_push = { repository_arns = ["arn:aws:ecr:${local.home}:repository/public-api"] } }
  }
  invoker = {
    trust = { github = [{ repository = "acme/infra-live", branches = ["main"] }] }
    permissions = {
      invoke = {
        lambda_function_arns = ["arn:aws:lambda:${local.home}:function:deploy-runner"]
        log_group_arns       = ["arn:aws:logs:${local.home}:log-group:/ecs/deploy-runner"]
      }
    }
  }
  provisioners = {
    public-api = {
      permissions = {
        ecs_deploy = {
          service_arns         = ["arn:aws:ecs:${local.home}:service/prod/public-api"]
          task_definition_arns = ["arn:aws:ecs:${local.home}:task-definition/public-api"]
        }
      }
    }
  }
}

output "role_arns" {
  value = { for task, role in deployrunner_account_runner.shared.roles : task => role.arn }
}
