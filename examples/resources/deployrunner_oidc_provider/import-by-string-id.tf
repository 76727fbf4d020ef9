import {
  to = deployrunner_oidc_provider.github
  id = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
}
