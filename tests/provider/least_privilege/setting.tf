# What every configuration beside this one has: who applies it, where, and which of its two versions.

variable "account_id" {
  type = string
}

variable "endpoint" {
  type = string
}

# The role under trial.
variable "role_arn" {
  type = string
}

# What roles are made under.
variable "boundary" {
  type = string
}

# "before" or "after".
variable "stage" {
  type = string
}

provider "aws" {
  region                 = "us-east-1"
  access_key             = var.account_id
  secret_key             = "test"
  skip_region_validation = true
  s3_force_path_style    = true

  assume_role {
    role_arn = var.role_arn
  }

  endpoints {
    acm              = var.endpoint
    cloudwatch       = var.endpoint
    cloudwatchevents = var.endpoint
    cloudwatchlogs   = var.endpoint
    dynamodb         = var.endpoint
    ec2              = var.endpoint
    ecr              = var.endpoint
    ecs              = var.endpoint
    efs              = var.endpoint
    elb              = var.endpoint
    iam              = var.endpoint
    kms              = var.endpoint
    lambda           = var.endpoint
    rds              = var.endpoint
    s3               = var.endpoint
    secretsmanager   = var.endpoint
    sns              = var.endpoint
    sqs              = var.endpoint
    ssm              = var.endpoint
    stepfunctions    = var.endpoint
    sts              = var.endpoint
  }
}

# Makes what the resource under trial stands on.
provider "aws" {
  alias                  = "root"
  region                 = "us-east-1"
  access_key             = var.account_id
  secret_key             = "test"
  skip_region_validation = true
  s3_force_path_style    = true

  endpoints {
    acm              = var.endpoint
    cloudwatch       = var.endpoint
    cloudwatchevents = var.endpoint
    cloudwatchlogs   = var.endpoint
    dynamodb         = var.endpoint
    ec2              = var.endpoint
    ecr              = var.endpoint
    ecs              = var.endpoint
    efs              = var.endpoint
    elb              = var.endpoint
    iam              = var.endpoint
    kms              = var.endpoint
    lambda           = var.endpoint
    rds              = var.endpoint
    s3               = var.endpoint
    secretsmanager   = var.endpoint
    sns              = var.endpoint
    sqs              = var.endpoint
    ssm              = var.endpoint
    stepfunctions    = var.endpoint
    sts              = var.endpoint
  }
}
