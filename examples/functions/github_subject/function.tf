# A trust policy for a role that something else manages, with the subjects as GitHub writes them.
output "github_subjects" {
  value = [
    provider::deployrunner::github_subject("acme/infra-live", "branch", "main"),
    provider::deployrunner::github_subject("acme/infra-live", "environment", "production"),
    # A repository made since July 15, 2026 has the IDs of owner and repository in its subjects.
    provider::deployrunner::github_subject("acme@1234/infra-live@5678", "pull_request"),
  ]
}
