# What a build of images needs: push to the team's repositories, start from the images that the company keeps.
data "deployrunner_ecr_docker_push_policy" "builder" {
  repository_arns      = ["arn:aws:ecr:eu-west-1:111122223333:repository/team/*"]
  pull_repository_arns = ["arn:aws:ecr:eu-west-1:444455556666:repository/base/*"]
}

output "builder_policy" {
  value = data.deployrunner_ecr_docker_push_policy.builder.minified_json
}
