# Fails the run when the policy of a planner grants anything that changes something.
locals {
  planner_actions = ["s3:ListBucket", "s3:GetBucketPolicy", "ec2:DescribeInstances"]
}

check "planner_only_reads" {
  assert {
    condition = alltrue([
      for action in local.planner_actions :
      contains(["list", "read"], provider::deployrunner::access_level(action))
    ])
    error_message = "The planner's policy has actions that do more than list and read."
  }
}
