# By ARN, in whichever account it is
terraform import deployrunner_oidc_provider.github arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com

# By URL, in the provider block's own account
terraform import deployrunner_oidc_provider.github https://token.actions.githubusercontent.com
