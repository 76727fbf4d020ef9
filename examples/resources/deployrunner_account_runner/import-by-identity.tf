import {
  to = deployrunner_account_runner.prod
  identity = {
    account_id = "111122223333"
    name       = "infra-live"
  }
}
