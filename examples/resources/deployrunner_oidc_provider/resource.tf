# One for each issuer and account. AWS checks the tokens of GitHub Actions with it; roles then say which of them they
# trust.
resource "deployrunner_oidc_provider" "github" {
  url        = "https://token.actions.githubusercontent.com"
  client_ids = ["sts.amazonaws.com"]
}

# An own GitLab whose certificate no public authority has signed: AWS compares its thumbprint.
resource "deployrunner_oidc_provider" "gitlab" {
  url         = "https://gitlab.example.com"
  client_ids  = ["https://gitlab.example.com"]
  thumbprints = ["6938fd4d98bab03faadb97b34396831e3780aea1"]

  tags = { Owner = "platform" }
}
