terraform {
  required_version = ">= 1.0"
  required_providers {
    deployrunner = {
      source = "deployrunner/deployrunner"
    }
  }
}

# Credentials come from the environment, a profile, or the machine that this runs on.
provider "deployrunner" {
  # How to enter the accounts that resources name in `account_id`.
  account_role = { name = "OrganizationAccountAccessRole" }

  default_tags = { ManagedBy = "terraform" }
}
