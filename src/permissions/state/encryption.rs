//! Keys of KMS that encrypt a bucket or a table: used by way of that service, for that one thing.
//!
//! S3 and DynamoDB call KMS with the rights of their own caller, and say for what in the encryption context.
//! Sources: AWS KMS developer guide, "kms:ViaService" and "kms:EncryptionContext:context-key"; Amazon S3 user guide,
//! "Using server-side encryption with AWS KMS keys" and "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys" (with
//! such a key the context is the bucket's ARN, else the object's); Amazon DynamoDB developer guide, "DynamoDB
//! encryption at rest usage notes".

use iam_policy::{Arn, Statement};

/// The service that uses a key for a role.
pub(super) enum Through<'a> {
    /// S3, for objects of the bucket of this ARN. Writing takes new data keys; reading the parts of an upload again
    /// takes decryption, so that writing without it fails for large states.
    S3 { bucket: &'a str, writes: bool },
    /// DynamoDB, for items of the table of this name: it decrypts the table's own key, for reads and writes alike.
    DynamoDb { table: &'a str },
}

/// The use of one key. A `key_arn` that is none allows nothing.
pub(super) fn statement(sid: &str, key_arn: &str, through: Through<'_>) -> Statement {
    let statement = match through {
        Through::S3 { writes: true, .. } => Statement::allow(["kms:Decrypt", "kms:GenerateDataKey"]),
        Through::S3 { .. } | Through::DynamoDb { .. } => Statement::allow(["kms:Decrypt"]),
    };
    let service = match through {
        Through::S3 { .. } => "s3",
        Through::DynamoDb { .. } => "dynamodb",
    };
    let statement = statement.sid(sid).resource(key_arn).condition(
        "StringEquals",
        "kms:ViaService",
        [endpoint(service, key_arn)],
    );
    match through {
        Through::S3 { bucket, .. } => {
            let objects = [bucket.to_owned(), format!("{bucket}/*")];
            statement.condition("StringLike", "kms:EncryptionContext:aws:s3:arn", objects)
        }
        Through::DynamoDb { table } => {
            statement.condition("StringEquals", "kms:EncryptionContext:aws:dynamodb:tableName", [table])
        }
    }
}

/// A service in the region of a key, as KMS names it. A bucket or table and its key are in one region.
fn endpoint(service: &str, key_arn: &str) -> String {
    let (region, partition) = match Arn::parse(key_arn) {
        Ok(arn) => (arn.region().to_owned(), arn.partition().to_owned()),
        Err(_) => Default::default(),
    };
    format!("{service}.{region}.{}", dns_suffix(&partition))
}

/// What the names of a partition's services end in.
/// Source: the partitions file that the AWS SDKs share (`partitions.json`, September 2026).
fn dns_suffix(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        _ => "amazonaws.com",
    }
}
