"""What S3 says of every object in a bucket, asked with boto3: a list as JSON."""

import json
import sys

import boto3

s3 = boto3.client("s3")
bucket, prefix = sys.argv[1:]
found = []
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
    for entry in page.get("Contents", []):
        head = s3.head_object(Bucket=bucket, Key=entry["Key"])
        retention = head.get("ObjectLockRetainUntilDate")
        found.append(
            {
                "key": entry["Key"],
                "bytes": entry["Size"],
                "encryption": head.get("ServerSideEncryption"),
                "kms_key": head.get("SSEKMSKeyId"),
                "lock": head.get("ObjectLockMode"),
                "locked_until": retention.timestamp() if retention else None,
                "metadata": head["Metadata"],
            }
        )
print(json.dumps(found))
