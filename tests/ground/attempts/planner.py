"""What a session of a planner tries: it is in the hands of whoever opens a pull request.

It reads what it plans and takes the lock of the state. Every way to write, to get more power or to read a secret is
closed, whatever the planner reads: what only the quickstart's does is kept apart.
"""

from attempts import account as has
from attempts.account import Account
from attempts.attempt import Attempts, may, may_not
from attempts.entering import Roles


def attempts(account: Account, roles: Roles) -> Attempts:
    """All that the quickstart's planner tries."""
    yield from reads(account)
    yield from uses_state()
    yield may_not("read a function's code and variables", "lambda", "GetFunction", FunctionName=has.FUNCTION)
    copy = {"CopySource": f"{has.BUCKET}/{has.OBJECT}", "Bucket": has.STATE_BUCKET, "Key": has.LOCK}
    yield may_not("copy an object into its lock", "s3", "CopyObject", action="s3:GetObject", **copy)
    yield from tries_what_no_planner_may(account, roles)


def tries_what_no_planner_may(account: Account, roles: Roles) -> Attempts:
    """Every way that is closed, whatever the planner reads."""
    yield from reads_secrets(account)
    yield from reads_content(account)
    yield from leaves_state_alone()
    yield from writes(account)
    yield from touches_containers()
    yield from escalates(account, roles)
    yield from hands_over_roles(account)


def reads(account: Account) -> Attempts:
    """What a plan refreshes."""
    yield may("list the buckets", "s3", "ListBuckets", action="s3:ListAllMyBuckets")
    for what, operation, action in (
        ("its region", "GetBucketLocation", "s3:GetBucketLocation"),
        ("its versioning", "GetBucketVersioning", "s3:GetBucketVersioning"),
        ("its access list", "GetBucketAcl", "s3:GetBucketAcl"),
        ("its encryption", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ):
        yield may(f"see a bucket: {what}", "s3", operation, action=action, Bucket=has.BUCKET)
    for what, operation in (
        ("the instances", "DescribeInstances"),
        ("the networks", "DescribeVpcs"),
        ("the subnets", "DescribeSubnets"),
        ("the security groups", "DescribeSecurityGroups"),
        ("the images", "DescribeImages"),
        ("the volumes", "DescribeVolumes"),
    ):
        yield may(f"see {what}", "ec2", operation)
    # A plan compares it, so a planner cannot do without; secrets do not belong there.
    machine = {"InstanceId": account.instance, "Attribute": "userData"}
    yield may("see an instance's user data", "ec2", "DescribeInstanceAttribute", **machine)
    yield may("see the databases", "rds", "DescribeDBInstances")
    yield may("see the databases' subnets", "rds", "DescribeDBSubnetGroups")


def uses_state() -> Attempts:
    """Of the state, it reads and locks what it plans."""
    state, lock = ({"Bucket": has.STATE_BUCKET, "Key": key} for key in (has.STATE, has.LOCK))
    find = {"action": "s3:ListBucket", "Bucket": has.STATE_BUCKET, "Prefix": has.STATE}
    yield may("find the state", "s3", "ListObjectsV2", **find)
    yield may("read the state", "s3", "GetObject", **state)
    yield may("take the lock", "s3", "PutObject", Body=b"{}", IfNoneMatch="*", **lock)
    yield may("read the lock", "s3", "GetObject", **lock)
    yield may("release the lock", "s3", "DeleteObject", **lock)


def leaves_state_alone() -> Attempts:
    bucket = {"Bucket": has.STATE_BUCKET}
    yield may_not("write the state", "s3", "PutObject", Key=has.STATE, Body=b"{}", **bucket)
    yield may_not("delete the state", "s3", "DeleteObject", Key=has.STATE, **bucket)
    yield may_not("read another environment's state", "s3", "GetObject", Key=has.OTHER_STATE, **bucket)
    lock = f"{has.OTHER_STATE}.tflock"
    yield may_not("overwrite another environment's lock", "s3", "PutObject", Key=lock, Body=b"{}", **bucket)
    yield may_not("release another environment's lock", "s3", "DeleteObject", Key=lock, **bucket)
    yield may_not("delete the state's bucket", "s3", "DeleteBucket", **bucket)


def writes(account: Account) -> Attempts:
    bucket = {"Bucket": has.BUCKET}
    policy = has.shared_with_stranger("s3:GetObject", f"arn:aws:s3:::{has.BUCKET}/*")
    versioning, new = {"Status": "Suspended"}, {"Bucket": "acme-planned", "CreateBucketConfiguration": has.WHERE}
    yield may_not("create a bucket", "s3", "CreateBucket", **new)
    yield may_not("delete a bucket", "s3", "DeleteBucket", Bucket=has.EMPTY_BUCKET)
    yield may_not("open a bucket to a stranger", "s3", "PutBucketPolicy", Policy=policy, **bucket)
    yield may_not("switch versioning off", "s3", "PutBucketVersioning", VersioningConfiguration=versioning, **bucket)
    yield may_not("replace an object", "s3", "PutObject", Key=has.OBJECT, Body=b"", **bucket)
    machine = {"ImageId": account.image, "MinCount": 1, "MaxCount": 1}
    stopped, tags = {"InstanceIds": [account.instance]}, [{"Key": "owner", "Value": "mallory"}]
    yield may_not("start an instance", "ec2", "RunInstances", **machine)
    yield may_not("stop an instance", "ec2", "StopInstances", **stopped)
    yield may_not("terminate an instance", "ec2", "TerminateInstances", **stopped)
    yield may_not("tag an instance", "ec2", "CreateTags", Resources=[account.instance], Tags=tags)
    yield may_not("create a network", "ec2", "CreateVpc", CidrBlock="10.9.0.0/16")
    yield may_not("delete a network", "ec2", "DeleteVpc", VpcId=account.vpc)
    item = {"id": {"S": "1"}}
    yield may_not("write an item", "dynamodb", "PutItem", TableName=has.TABLE, Item=item)
    yield may_not("delete a table", "dynamodb", "DeleteTable", TableName=has.TABLE)
    yield may_not("write a parameter", "ssm", "PutParameter", Name=has.PARAMETER, Value="x", Overwrite=True)
    yield may_not("replace a secret", "secretsmanager", "PutSecretValue", SecretId=has.SECRET, SecretString="x")
    key, policy = {"KeyId": account.key}, has.shared_with_stranger("kms:*", "*")
    yield may_not("delete a key", "kms", "ScheduleKeyDeletion", PendingWindowInDays=7, **key)
    yield may_not("open a key to a stranger", "kms", "PutKeyPolicy", PolicyName="default", Policy=policy, **key)
    yield may_not("send a message", "sqs", "SendMessage", QueueUrl=account.queue_url, MessageBody="x")


def touches_containers() -> Attempts:
    repository = {"repositoryName": has.REPOSITORY}
    service = {"cluster": has.CLUSTER, "service": has.SERVICE}
    code = {"FunctionName": has.FUNCTION, "ZipFile": has.code()}
    policy = has.shared_with_stranger("ecr:BatchGetImage", "*")
    yield may_not("replace an image", "ecr", "PutImage", imageManifest=has.manifest("x"), imageTag="1", **repository)
    yield may_not("delete an image", "ecr", "BatchDeleteImage", imageIds=[{"imageTag": "1"}], **repository)
    yield may_not("open a repository to a stranger", "ecr", "SetRepositoryPolicy", policyText=policy, **repository)
    yield may_not("change a service", "ecs", "UpdateService", desiredCount=0, **service)
    yield may_not("run a task", "ecs", "RunTask", cluster=has.CLUSTER, taskDefinition=has.SERVICE)
    yield may_not("replace a function's code", "lambda", "UpdateFunctionCode", **code)
    yield may_not("call a function", "lambda", "Invoke", action="lambda:InvokeFunction", FunctionName=has.FUNCTION)


def reads_secrets(account: Account) -> Attempts:
    parameter = {"Name": has.PARAMETER, "WithDecryption": True}
    yield may_not("read a parameter", "ssm", "GetParameter", **parameter)
    yield may_not("read parameters by path", "ssm", "GetParametersByPath", Path="/prod", Recursive=True)
    yield may_not("read a parameter's past", "ssm", "GetParameterHistory", **parameter)
    yield may_not("read a secret", "secretsmanager", "GetSecretValue", SecretId=has.SECRET)
    yield may_not("decrypt", "kms", "Decrypt", CiphertextBlob=account.ciphertext)
    yield may_not("make a data key", "kms", "GenerateDataKey", KeyId=account.key, KeySpec="AES_256")


def reads_content(account: Account) -> Attempts:
    """What data stores hold."""
    yield may_not("read an object", "s3", "GetObject", Bucket=has.BUCKET, Key=has.OBJECT)
    yield may_not("read an item", "dynamodb", "GetItem", TableName=has.TABLE, Key={"id": {"S": "1"}})
    yield may_not("read a table", "dynamodb", "Scan", TableName=has.TABLE)
    yield may_not("take a message", "sqs", "ReceiveMessage", QueueUrl=account.queue_url)
    image = {"repositoryName": has.REPOSITORY, "imageIds": [{"imageTag": "1"}]}
    yield may_not("pull an image", "ecr", "BatchGetImage", **image)


def escalates(account: Account, roles: Roles) -> Attempts:
    """More power by way of IAM and STS."""
    own, applier = ({"RoleName": arn.rsplit("/", 1)[-1]} for arn in (roles.planner, roles.applier))
    trust = has.document({"Principal": "*", "Action": "sts:AssumeRole"})
    everything = has.document({"Action": "*", "Resource": "*"})
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    version = {"PolicyArn": account.iam_arn(f"policy/{has.POLICY}"), "PolicyDocument": everything, "SetAsDefault": True}
    yield may_not("create a role", "iam", "CreateRole", RoleName="backdoor", AssumeRolePolicyDocument=trust)
    yield may_not("attach a policy to itself", "iam", "AttachRolePolicy", PolicyArn=administrator, **own)
    yield may_not("write a policy on itself", "iam", "PutRolePolicy", PolicyName="x", PolicyDocument=everything, **own)
    yield may_not("have the applier trust it", "iam", "UpdateAssumeRolePolicy", PolicyDocument=trust, **applier)
    yield may_not("rewrite a policy", "iam", "CreatePolicyVersion", **version)
    yield may_not("create a user", "iam", "CreateUser", UserName="mallory")
    yield may_not("create an access key", "iam", "CreateAccessKey", UserName=has.USER)
    yield may_not("set a user's password", "iam", "CreateLoginProfile", UserName=has.USER, Password="Hunter-2-hunter")
    provider = {"Url": "https://mallory.example", "ClientIDList": ["x"]}
    yield may_not("bring an identity provider", "iam", "CreateOpenIDConnectProvider", **provider)
    for who, arn in (
        ("applier", roles.applier),
        ("builder", roles.builder),
        ("administrator", account.iam_arn(f"role/{has.ROLE}")),
    ):
        yield may_not(f"assume the {who}", "sts", "AssumeRole", RoleArn=arn, RoleSessionName="demo")


def hands_over_roles(account: Account) -> Attempts:
    """A stronger role by way of a service that runs the planner's code with it."""
    role = account.iam_arn(f"role/{has.ROLE}")
    task = has.task_definition("backdoor", taskRoleArn=role)
    machine = {"ImageId": account.image, "MinCount": 1, "MaxCount": 1, "IamInstanceProfile": {"Name": has.ROLE}}
    yield may_not("give a task an administrator's role", "ecs", "RegisterTaskDefinition", **task)
    yield may_not("give a function one", "lambda", "CreateFunction", **has.function("backdoor", role))
    yield may_not("give an instance one", "ec2", "RunInstances", **machine)
