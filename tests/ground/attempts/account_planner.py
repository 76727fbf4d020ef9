"""What a planner that reads a whole account tries: it has AWS's ReadOnlyAccess under a deny of secrets and content.

Owns what such a planner does beside what any does.
"""

from attempts import account as has
from attempts import lock_items, planner
from attempts.account import Account
from attempts.attempt import Attempts, may, may_not
from attempts.entering import Roles


def attempts(account: Account, roles: Roles) -> Attempts:
    """All of it."""
    yield from planner.reads(account)
    yield from reads_everything(account)
    yield from uses_state()
    yield from planner.tries_what_no_planner_may(account, roles)


def reads_everything(account: Account) -> Attempts:
    repository, task = {"repositoryName": has.REPOSITORY}, {"taskDefinition": has.SERVICE}
    yield may("see the repositories", "ecr", "DescribeRepositories")
    yield may("see the images", "ecr", "DescribeImages", **repository)
    yield may("see a service", "ecs", "DescribeServices", cluster=has.CLUSTER, services=[has.SERVICE])
    yield may("see a task definition", "ecs", "DescribeTaskDefinition", **task)
    yield may("see a table", "dynamodb", "DescribeTable", TableName=has.TABLE)
    yield may("see a key", "kms", "DescribeKey", KeyId=account.key)
    yield may("see the parameters", "ssm", "DescribeParameters")
    yield may("see a secret", "secretsmanager", "DescribeSecret", SecretId=has.SECRET)
    queue = {"QueueUrl": account.queue_url, "AttributeNames": ["All"]}
    yield may("see a queue", "sqs", "GetQueueAttributes", **queue)
    yield may("see a role", "iam", "GetRole", RoleName=has.ROLE)
    yield may("see its policies", "iam", "GetRolePolicy", RoleName=has.ROLE, PolicyName="everything")
    yield may("see the users", "iam", "ListUsers")


def uses_state() -> Attempts:
    state = {"Bucket": has.STATE_BUCKET, "Key": has.STATE}
    yield may("read the state", "s3", "GetObject", **state)
    yield from lock_items.locks()
    digest = lock_items.key(lock_items.DIGEST)
    yield may_not("change the state's digest", "dynamodb", "PutItem", Item=digest, **lock_items.TABLE)
    yield from lock_items.leaves_others_alone()
    yield may_not("write a lock file", "s3", "PutObject", Bucket=has.STATE_BUCKET, Key=has.LOCK, Body=b"{}")
