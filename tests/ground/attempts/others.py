"""What sessions of roles try that the quickstart has not: the state role, the invoker, and appliers of other things."""

from attempts import account as has
from attempts import lock_items
from attempts.account import Account
from attempts.attempt import Attempts, may, may_not
from attempts.entering import Roles

STATE = {"Bucket": has.STATE_BUCKET, "Key": has.STATE}


def state_role(account: Account, roles: Roles) -> Attempts:
    """It reads and writes the state, and nothing else."""
    find = {"action": "s3:ListBucket", "Bucket": has.STATE_BUCKET, "Prefix": has.STATE}
    yield may("find the state", "s3", "ListObjectsV2", **find)
    yield from lock_items.locks()
    yield may("read the state", "s3", "GetObject", **STATE)
    yield may("write the state", "s3", "PutObject", Body=b"{}", **STATE)
    digest = lock_items.key(lock_items.DIGEST)
    yield may("write the state's digest", "dynamodb", "PutItem", Item=digest, **lock_items.TABLE)
    yield from lock_items.leaves_others_alone()
    other = {"Bucket": has.STATE_BUCKET, "Key": has.OTHER_STATE}
    yield may_not("delete the state", "s3", "DeleteObject", **STATE)
    yield may_not("read another environment's state", "s3", "GetObject", **other)
    yield may_not("write another environment's state", "s3", "PutObject", Body=b"{}", **other)
    yield may_not("delete the state's bucket", "s3", "DeleteBucket", Bucket=has.STATE_BUCKET)
    yield may_not("list the buckets", "s3", "ListBuckets", action="s3:ListAllMyBuckets")
    yield may_not("read an object", "s3", "GetObject", Bucket=has.BUCKET, Key=has.OBJECT)
    yield may_not("read an item", "dynamodb", "GetItem", TableName=has.TABLE, Key={"id": {"S": "1"}})
    yield may_not("see the instances", "ec2", "DescribeInstances")
    yield from no_way_up(account, roles)


def invoker(account: Account, roles: Roles) -> Attempts:
    """It starts the runner and reads what it writes, and nothing else."""
    function, log = {"FunctionName": has.FUNCTION}, {"logGroupName": has.LOG_GROUP}
    # Without really running it: AWS checks the permission all the same.
    call = {"action": "lambda:InvokeFunction", "InvocationType": "DryRun"}
    yield may("call the function", "lambda", "Invoke", **call, **function)
    yield may("read its log", "logs", "GetLogEvents", logStreamName=has.LOG_STREAM, **log)
    yield may("search its log", "logs", "FilterLogEvents", **log)
    yield may_not("call another function", "lambda", "Invoke", FunctionName=has.BILLING, **call)
    yield may_not("replace the function's code", "lambda", "UpdateFunctionCode", ZipFile=has.code(), **function)
    yield may_not("read its code and variables", "lambda", "GetFunction", **function)
    other = {"logGroupName": has.BILLING, "logStreamName": has.LOG_STREAM}
    yield may_not("read another log", "logs", "GetLogEvents", **other)
    yield may_not("delete its log", "logs", "DeleteLogGroup", **log)
    task = {"cluster": has.CLUSTER, "taskDefinition": has.SERVICE}
    yield may_not("run a task itself", "ecs", "RunTask", **task)
    yield may_not("read the state", "s3", "GetObject", **STATE)
    yield may_not("push an image", "ecr", "PutImage", repositoryName=has.REPOSITORY, imageManifest=has.manifest("x"))
    yield from no_way_up(account, roles)


def provisioner(account: Account, roles: Roles) -> Attempts:
    """It deploys one service, and does not do what the applier does."""
    service = {"cluster": has.CLUSTER, "service": has.SERVICE}
    role = account.iam_arn(f"role/{has.ROLE}")
    yield may("register a task definition", "ecs", "RegisterTaskDefinition", **has.task_definition(has.SERVICE))
    yield may("see a task definition", "ecs", "DescribeTaskDefinition", taskDefinition=has.SERVICE)
    yield may("deploy it", "ecs", "UpdateService", taskDefinition=has.SERVICE, **service)
    yield may("see the service", "ecs", "DescribeServices", cluster=has.CLUSTER, services=[has.SERVICE])
    # Without a role it was allowed. AWS names iam:PassRole here, and the emulator the call.
    with_role = has.task_definition(has.SERVICE, taskRoleArn=role)
    yield may_not("give it an administrator's role", "ecs", "RegisterTaskDefinition", **with_role)
    yield may_not("define another's task", "ecs", "RegisterTaskDefinition", **has.task_definition(has.BILLING))
    yield may_not("deploy another service", "ecs", "UpdateService", cluster=has.CLUSTER, service=has.BILLING)
    yield may_not("delete the service", "ecs", "DeleteService", **service)
    yield may_not("run a task", "ecs", "RunTask", cluster=has.CLUSTER, taskDefinition=has.SERVICE)
    yield may_not("create a queue", "sqs", "CreateQueue", QueueName="provisioned")
    yield may_not("read the state", "s3", "GetObject", **STATE)
    yield may_not("write the state", "s3", "PutObject", Body=b"{}", **STATE)
    yield from no_way_up(account, roles)


def applier(account: Account, roles: Roles) -> Attempts:
    """It makes the types that the runner manages, and nothing else."""
    yield from lock_items.locks()
    yield may("read the state", "s3", "GetObject", **STATE)
    yield may("write the state", "s3", "PutObject", Body=b"{}", **STATE)
    repository, kept = {"repositoryName": "applied"}, {"imageTagMutability": "IMMUTABLE"}
    yield may("create a repository", "ecr", "CreateRepository", **repository)
    yield may("have its tags kept", "ecr", "PutImageTagMutability", **kept, **repository)
    yield may("see the repositories", "ecr", "DescribeRepositories", repositoryNames=["applied"])
    created = yield may("create a queue", "sqs", "CreateQueue", QueueName="applied")
    queue = {"QueueUrl": created["QueueUrl"] if created else account.queue_url}
    longer = {"VisibilityTimeout": "60"}
    yield may("change a queue", "sqs", "SetQueueAttributes", Attributes=longer, **queue)
    yield may("see a queue", "sqs", "GetQueueAttributes", AttributeNames=["All"], **queue)
    yield from lock_items.leaves_others_alone()
    theirs = {"repositoryName": has.REPOSITORY}
    push = {"imageManifest": has.manifest("x"), "imageTag": "1"}
    yield may_not("push an image", "ecr", "PutImage", **push, **theirs)
    yield may_not("delete a repository", "ecr", "DeleteRepository", force=True, **theirs)
    yield may_not("write an item", "dynamodb", "PutItem", TableName=has.TABLE, Item={"id": {"S": "1"}})
    yield may_not("take a message", "sqs", "ReceiveMessage", QueueUrl=account.queue_url)
    yield may_not("delete a queue", "sqs", "DeleteQueue", QueueUrl=account.queue_url)
    new = {"Bucket": "acme-shared", "CreateBucketConfiguration": has.WHERE}
    yield may_not("create a bucket", "s3", "CreateBucket", **new)
    yield may_not("start an instance", "ec2", "RunInstances", ImageId=account.image, MinCount=1, MaxCount=1)
    yield may_not("deploy a service", "ecs", "UpdateService", cluster=has.CLUSTER, service=has.SERVICE)
    yield from no_way_up(account, roles)


def no_way_up(account: Account, roles: Roles) -> Attempts:
    """What nobody may but an administrator."""
    own = {"RoleName": roles.planner.rsplit("/", 1)[-1]}
    everything = has.document({"Action": "*", "Resource": "*"})
    rewrite = {"PolicyName": "x", "PolicyDocument": everything, **own}
    yield may_not("decrypt", "kms", "Decrypt", CiphertextBlob=account.ciphertext)
    yield may_not("read a parameter", "ssm", "GetParameter", Name=has.PARAMETER, WithDecryption=True)
    yield may_not("read a secret", "secretsmanager", "GetSecretValue", SecretId=has.SECRET)
    yield may_not("rewrite a role", "iam", "PutRolePolicy", **rewrite)
    yield may_not("create an access key", "iam", "CreateAccessKey", UserName=has.USER)
    for who, arn in (("applier", roles.applier), ("administrator", account.iam_arn(f"role/{has.ROLE}"))):
        yield may_not(f"assume the {who}", "sts", "AssumeRole", RoleArn=arn, RoleSessionName="demo")
