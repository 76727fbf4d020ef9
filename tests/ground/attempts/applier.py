"""What a session of the quickstart's applier tries.

It changes what the runner manages. It deletes nothing, and has no power over roles, policies and secrets.
"""

from attempts import account as has
from attempts.account import Account
from attempts.attempt import Attempts, may, may_not
from attempts.entering import Roles


def attempts(account: Account, roles: Roles) -> Attempts:
    """All of it."""
    yield from applies(account)
    yield from uses_state()
    yield from deletes(account)
    yield from leaves_others_alone(account)
    yield from escalates(account, roles)


def applies(account: Account) -> Attempts:
    """Creates, changes and refreshes in S3, EC2 and RDS, the services that the quickstart names."""
    bucket = {"Bucket": "acme-applied"}
    versioning, tags = {"Status": "Enabled"}, {"TagSet": [{"Key": "owner", "Value": "acme"}]}
    yield may("create a bucket", "s3", "CreateBucket", CreateBucketConfiguration=has.WHERE, **bucket)
    yield may("switch versioning on", "s3", "PutBucketVersioning", VersioningConfiguration=versioning, **bucket)
    yield may("tag a bucket", "s3", "PutBucketTagging", Tagging=tags, **bucket)
    yield may("see its tags", "s3", "GetBucketTagging", **bucket)
    network = yield may("create a network", "ec2", "CreateVpc", CidrBlock="10.2.0.0/16")
    vpc = {"VpcId": network["Vpc"]["VpcId"]} if network else {"VpcId": account.vpc}
    subnet = yield may("create a subnet", "ec2", "CreateSubnet", CidrBlock="10.2.1.0/24", **vpc)
    yield may("create a security group", "ec2", "CreateSecurityGroup", GroupName="app", Description="app", **vpc)
    yield may("start an instance", "ec2", "RunInstances", ImageId=account.image, MinCount=1, MaxCount=1)
    instance = {"InstanceIds": [account.instance]}
    yield may("stop an instance", "ec2", "StopInstances", **instance)
    yield may("see the instances", "ec2", "DescribeInstances")
    group = {
        "DBSubnetGroupName": "app",
        "DBSubnetGroupDescription": "app",
        "SubnetIds": [subnet["Subnet"]["SubnetId"]] if subnet else [],
    }
    yield may("create a database's subnets", "rds", "CreateDBSubnetGroup", **group)
    yield may("see the databases", "rds", "DescribeDBInstances")


def uses_state() -> Attempts:
    state, lock = ({"Bucket": has.STATE_BUCKET, "Key": key} for key in (has.STATE, has.LOCK))
    yield may("take the lock", "s3", "PutObject", Body=b"{}", IfNoneMatch="*", **lock)
    yield may("read the state", "s3", "GetObject", **state)
    yield may("write the state", "s3", "PutObject", Body=b"{}", **state)
    yield may("release the lock", "s3", "DeleteObject", **lock)


def deletes(account: Account) -> Attempts:
    """Without `allow_destroy`, nothing is deleted."""
    yield may_not("delete a bucket", "s3", "DeleteBucket", Bucket=has.EMPTY_BUCKET)
    yield may_not("delete an object", "s3", "DeleteObject", Bucket=has.BUCKET, Key=has.OBJECT)
    yield may_not("delete the state", "s3", "DeleteObject", Bucket=has.STATE_BUCKET, Key=has.STATE)
    yield may_not("terminate an instance", "ec2", "TerminateInstances", InstanceIds=[account.instance])
    yield may_not("delete a network", "ec2", "DeleteVpc", VpcId=account.vpc)
    yield may_not("delete a database's subnets", "rds", "DeleteDBSubnetGroup", DBSubnetGroupName="app")


def leaves_others_alone(account: Account) -> Attempts:
    """What `manages` does not name is not its own."""
    image = {"repositoryName": has.REPOSITORY, "imageManifest": has.manifest("x"), "imageTag": "1"}
    policy = has.shared_with_stranger("s3:GetObject", f"arn:aws:s3:::{has.BUCKET}/*")
    yield may_not("open a bucket to a stranger", "s3", "PutBucketPolicy", Bucket=has.BUCKET, Policy=policy)
    yield may_not("push an image", "ecr", "PutImage", **image)
    yield may_not("run a task", "ecs", "RunTask", cluster=has.CLUSTER, taskDefinition=has.SERVICE)
    yield may_not("write an item", "dynamodb", "PutItem", TableName=has.TABLE, Item={"id": {"S": "1"}})
    yield may_not("decrypt", "kms", "Decrypt", CiphertextBlob=account.ciphertext)
    yield may_not("read a parameter", "ssm", "GetParameter", Name=has.PARAMETER, WithDecryption=True)
    yield may_not("write a parameter", "ssm", "PutParameter", Name=has.PARAMETER, Value="x", Overwrite=True)
    yield may_not("read a secret", "secretsmanager", "GetSecretValue", SecretId=has.SECRET)
    yield may_not("delete a secret", "secretsmanager", "DeleteSecret", SecretId=has.SECRET)


def escalates(account: Account, roles: Roles) -> Attempts:
    own = {"RoleName": roles.applier.rsplit("/", 1)[-1]}
    trust = has.document({"Principal": "*", "Action": "sts:AssumeRole"})
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = account.iam_arn(f"role/{has.ROLE}")
    yield may_not("create a role", "iam", "CreateRole", RoleName="backdoor", AssumeRolePolicyDocument=trust)
    yield may_not("attach a policy to itself", "iam", "AttachRolePolicy", PolicyArn=administrator, **own)
    yield may_not("have everybody trust it", "iam", "UpdateAssumeRolePolicy", PolicyDocument=trust, **own)
    yield may_not("create an access key", "iam", "CreateAccessKey", UserName=has.USER)
    yield may_not("give a function a role", "lambda", "CreateFunction", **has.function("backdoor", role))
    for who, arn in (("builder", roles.builder), ("administrator", role)):
        yield may_not(f"assume the {who}", "sts", "AssumeRole", RoleArn=arn, RoleSessionName="demo")
