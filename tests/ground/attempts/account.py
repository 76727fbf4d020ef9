"""What an account has before its runner comes: the state, and everything that there is to break, to steal or to use.

Owns what is made, by the account's root, and the names under which everybody tries it. Knows no role of a runner.
"""

import io
import json
import zipfile
from dataclasses import dataclass

from attempts.aws import REGION, Aws, root

STATE_BUCKET = "acme-tfstate"
STATE = "prod/network/terraform.tfstate"
LOCK = f"{STATE}.tflock"
OTHER_STATE = "staging/network/terraform.tfstate"
LOCK_TABLE = "terraform-locks"

BUCKET = "acme-production"
EMPTY_BUCKET = "acme-scratch"
OBJECT = "customers.csv"
REPOSITORY = "public-api"
CLUSTER = "prod"
SERVICE = "public-api"
TABLE = "orders"
KEY_ALIAS = "alias/prod"
PARAMETER = "/prod/database/password"
SECRET = "prod/database"
QUEUE = "jobs"
FUNCTION = "deploy-runner"
LOG_GROUP = "/ecs/deploy-runner"
LOG_STREAM = "run"
# A second function, service and log group, which are nobody's here.
BILLING = "billing"
WHERE = {"LocationConstraint": REGION}
ROLE = "administrator"
POLICY = "app"
USER = "alice"

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Account:
    """An account that is furnished, and what of it has an ID that AWS gave."""

    id: str
    image: str
    instance: str
    vpc: str
    key: str
    ciphertext: bytes
    queue_url: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something of the account in the region."""
        return f"arn:aws:{service}:{REGION}:{self.id}:{resource}"

    def iam_arn(self, resource: str) -> str:
        return f"arn:aws:iam::{self.id}:{resource}"


def furnish(aws: Aws, account: str) -> Account:
    """Fills an account that is empty."""
    fill_buckets(aws, account)
    fill_iam(aws, account)
    fill_containers(aws, account)
    fill_secrets(aws, account)
    ec2 = aws.client("ec2", root(account))
    image = ec2.describe_images()["Images"][0]["ImageId"]
    started = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", UserData="export DATABASE_PASSWORD=hunter2"
    )
    kms = aws.client("kms", root(account))
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=key)
    queue_url = aws.client("sqs", root(account)).create_queue(QueueName=QUEUE)["QueueUrl"]
    aws.client("sqs", root(account)).send_message(QueueUrl=queue_url, MessageBody="an order")
    return Account(
        id=account,
        image=image,
        instance=started["Instances"][0]["InstanceId"],
        vpc=ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"],
        key=key,
        ciphertext=kms.encrypt(KeyId=key, Plaintext=b"hunter2")["CiphertextBlob"],
        queue_url=queue_url,
    )


def fill_buckets(aws: Aws, account: str) -> None:
    s3 = aws.client("s3", root(account))
    for bucket in (STATE_BUCKET, BUCKET, EMPTY_BUCKET):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=WHERE)
    for key in (STATE, OTHER_STATE, f"{OTHER_STATE}.tflock"):
        s3.put_object(Bucket=STATE_BUCKET, Key=key, Body=b"{}")
    s3.put_object(Bucket=BUCKET, Key=OBJECT, Body=b"name,card\n")
    tables = aws.client("dynamodb", root(account))
    for table, key in ((TABLE, "id"), (LOCK_TABLE, "LockID")):
        tables.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        tables.put_item(TableName=table, Item={key: {"S": "1"}})


def fill_iam(aws: Aws, account: str) -> None:
    """An administrator whom the account trusts and services can be given, a policy, and a user without keys."""
    iam = aws.client("iam", root(account))
    trusted = {"AWS": f"arn:aws:iam::{account}:root", "Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}
    iam.create_role(
        RoleName=ROLE, AssumeRolePolicyDocument=document({"Principal": trusted, "Action": "sts:AssumeRole"})
    )
    everything = document({"Action": "*", "Resource": "*"})
    iam.put_role_policy(RoleName=ROLE, PolicyName="everything", PolicyDocument=everything)
    look = document({"Action": "s3:ListAllMyBuckets", "Resource": "*"})
    iam.create_policy(PolicyName=POLICY, PolicyDocument=look)
    iam.create_user(UserName=USER)


def fill_containers(aws: Aws, account: str) -> None:
    """An image, a service that runs it, the function that starts the runner, and what the runner has written."""
    ecr = aws.client("ecr", root(account))
    ecr.create_repository(repositoryName=REPOSITORY)
    ecr.put_image(repositoryName=REPOSITORY, imageManifest=manifest("1"), imageTag="1")
    ecs = aws.client("ecs", root(account))
    ecs.create_cluster(clusterName=CLUSTER)
    for service in (SERVICE, BILLING):
        ecs.register_task_definition(**task_definition(service))
        ecs.create_service(cluster=CLUSTER, serviceName=service, taskDefinition=service, desiredCount=0)
    variables = {"Variables": {"TOKEN": "hunter2"}}
    for name in (FUNCTION, BILLING):
        role = f"arn:aws:iam::{account}:role/{ROLE}"
        aws.client("lambda", root(account)).create_function(**function(name, role), Environment=variables)
    logs = aws.client("logs", root(account))
    for group in (LOG_GROUP, BILLING):
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=LOG_STREAM)


def fill_secrets(aws: Aws, account: str) -> None:
    aws.client("ssm", root(account)).put_parameter(Name=PARAMETER, Value="hunter2", Type="SecureString")
    aws.client("secretsmanager", root(account)).create_secret(Name=SECRET, SecretString="hunter2")


def shared_with_stranger(action: str, resource: str) -> str:
    """A resource's policy that lets another account in."""
    stranger = {"AWS": "arn:aws:iam::999999999999:root"}
    return document({"Principal": stranger, "Action": action, "Resource": resource})


def document(*statements: dict[str, object]) -> str:
    """A policy that allows this."""
    allowed = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed})


def manifest(content: str) -> str:
    """The manifest of an image without layers; another content is another image."""
    described = {"schemaVersion": 2, "mediaType": MANIFEST, "annotations": {"content": content}, "layers": []}
    return json.dumps({**described, "config": {"mediaType": MANIFEST, "size": 2, "digest": f"sha256:{'0' * 64}"}})


def function(name: str, role_arn: str) -> dict[str, object]:
    runtime = {"Runtime": "python3.11", "Handler": "start.run"}
    return {"FunctionName": name, "Role": role_arn, "Code": {"ZipFile": code()}, **runtime}


def code() -> bytes:
    """What a function consists of."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("start.py", "def run(event, context):\n    return 'started'\n")
    return archive.getvalue()


def task_definition(family: str, **more: str) -> dict[str, object]:
    container = {"name": "app", "image": f"{REPOSITORY}:1", "memory": 128}
    return {"family": family, "containerDefinitions": [container], **more}
