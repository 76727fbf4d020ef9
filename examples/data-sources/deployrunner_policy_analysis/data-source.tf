# What a planner with these policies could do.
data "deployrunner_policy_analysis" "planner" {
  managed_policy_arns = ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]

  policies = [jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::acme-tfstate/prod/*"
      },
      {
        Effect   = "Allow"
        Action   = ["iam:GetRole", "iam:GetRolePolicy"]
        Resource = "*"
      },
    ]
  })]
}

output "planner_writes" {
  value = flatten([
    for level in ["write", "tagging", "permissions-management"] :
    data.deployrunner_policy_analysis.planner.actions[level]
  ])
}

output "planner_reads_secrets_of" {
  value = {
    for secret in data.deployrunner_policy_analysis.planner.secrets :
    secret.action => secret.resources if secret.tier == "credential"
  }
}

output "planner_escalates_by" {
  value = data.deployrunner_policy_analysis.planner.escalation_paths[*].reason
}
