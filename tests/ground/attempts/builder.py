"""What a session of the quickstart's builder tries: it pushes images, and deploys, deletes and reads nothing else."""

import hashlib

from attempts import account as has
from attempts.account import Account
from attempts.attempt import Attempts, may, may_not
from attempts.entering import Roles

LAYER = b"the application"


def attempts(account: Account, roles: Roles) -> Attempts:
    """All of it."""
    yield from pushes()
    yield from keeps_images()
    yield from leaves_others_alone(account)
    yield from escalates(account, roles)


def pushes() -> Attempts:
    """What `docker push` does."""
    repository = {"repositoryName": has.REPOSITORY}
    digest = f"sha256:{hashlib.sha256(LAYER).hexdigest()}"
    yield may("log in to the registry", "ecr", "GetAuthorizationToken")
    yield may("ask for a layer", "ecr", "BatchCheckLayerAvailability", layerDigests=[digest], **repository)
    started = yield may("start to upload one", "ecr", "InitiateLayerUpload", **repository)
    upload = {"uploadId": started["uploadId"] if started else "", **repository}
    part = {"partFirstByte": 0, "partLastByte": len(LAYER) - 1, "layerPartBlob": LAYER}
    yield may("upload it", "ecr", "UploadLayerPart", **part, **upload)
    yield may("end the upload", "ecr", "CompleteLayerUpload", layerDigests=[digest], **upload)
    yield may("push an image", "ecr", "PutImage", imageManifest=has.manifest("2"), imageTag="2", **repository)
    yield may("see the image", "ecr", "DescribeImages", **repository)


def keeps_images() -> Attempts:
    repository = {"repositoryName": has.REPOSITORY}
    yield may_not("delete an image", "ecr", "BatchDeleteImage", imageIds=[{"imageTag": "1"}], **repository)
    yield may_not("create a repository", "ecr", "CreateRepository", repositoryName="backdoor")
    policy = has.shared_with_stranger("ecr:BatchGetImage", "*")
    yield may_not("open a repository to a stranger", "ecr", "SetRepositoryPolicy", policyText=policy, **repository)
    mutable = {"imageTagMutability": "MUTABLE"}
    yield may_not("have tags overwritten", "ecr", "PutImageTagMutability", **mutable, **repository)
    yield may_not("delete a repository", "ecr", "DeleteRepository", force=True, **repository)


def leaves_others_alone(account: Account) -> Attempts:
    task = has.task_definition("backdoor", taskRoleArn=account.iam_arn(f"role/{has.ROLE}"))
    service = {"cluster": has.CLUSTER, "service": has.SERVICE}
    state = {"Bucket": has.STATE_BUCKET, "Key": has.STATE}
    yield may_not("register a task definition", "ecs", "RegisterTaskDefinition", **task)
    yield may_not("deploy to a service", "ecs", "UpdateService", forceNewDeployment=True, **service)
    yield may_not("read the state", "s3", "GetObject", **state)
    yield may_not("write the state", "s3", "PutObject", Body=b"{}", **state)
    yield may_not("list the buckets", "s3", "ListBuckets", action="s3:ListAllMyBuckets")
    yield may_not("start an instance", "ec2", "RunInstances", ImageId=account.image, MinCount=1, MaxCount=1)
    yield may_not("see the instances", "ec2", "DescribeInstances")
    yield may_not("read an item", "dynamodb", "GetItem", TableName=has.TABLE, Key={"id": {"S": "1"}})
    yield may_not("decrypt", "kms", "Decrypt", CiphertextBlob=account.ciphertext)
    yield may_not("read a parameter", "ssm", "GetParameter", Name=has.PARAMETER, WithDecryption=True)
    yield may_not("read a secret", "secretsmanager", "GetSecretValue", SecretId=has.SECRET)


def escalates(account: Account, roles: Roles) -> Attempts:
    own = {"RoleName": roles.builder.rsplit("/", 1)[-1]}
    everything = has.document({"Action": "*", "Resource": "*"})
    yield may_not("write a policy on itself", "iam", "PutRolePolicy", PolicyName="x", PolicyDocument=everything, **own)
    yield may_not("create an access key", "iam", "CreateAccessKey", UserName=has.USER)
    for who, arn in (
        ("planner", roles.planner),
        ("applier", roles.applier),
        ("administrator", account.iam_arn(f"role/{has.ROLE}")),
    ):
        yield may_not(f"assume the {who}", "sts", "AssumeRole", RoleArn=arn, RoleSessionName="demo")
