import {
  to = deployrunner_account_runner.prod
  id = "111122223333/infra-live"
}
