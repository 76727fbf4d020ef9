# Task roles of a runner on Amazon ECS. ECS gives each task the role of its task definition, and renews the
# credentials by itself.

terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

variable "repository_arn" {
  description = "The ECR repository that images are pushed to."
  type        = string
  default     = "arn:aws:ecr:us-east-1:111111111111:repository/public-api"
}

locals {
  # The trust policy is bound to ECS of this account, so that no other account's task can be given the role.
  ecs = { services = [{ service = "ecs-tasks.amazonaws.com" }] }
}

resource "deployrunner_task_role" "image_builder" {
  name  = "deploy-runner-docker-image-builder"
  task  = "docker-image-builder"
  trust = local.ecs
  permissions = {
    ecr_push = { repository_arns = [var.repository_arn] }
  }
}

resource "deployrunner_task_role" "planner" {
  name  = "deploy-runner-terraform-planner"
  task  = "terraform-planner"
  trust = local.ecs
  permissions = {
    services = ["ec2", "ecs", "elasticloadbalancing", "rds"]
  }
}

output "task_role_arns" {
  value = {
    docker-image-builder = deployrunner_task_role.image_builder.arn
    terraform-planner    = deployrunner_task_role.planner.arn
  }
}
