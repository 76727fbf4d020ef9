import {
  to = deployrunner_oidc_provider.github
  identity = {
    account_id = "111122223333"
    url        = "https://token.actions.githubusercontent.com"
  }
}
