"""boto3 as a second client of the stand-in: botocore's own models validate what is asked and parse what is answered.

    python test/analyze/judge.py ENDPOINT

Prints what it read, as JSON.
"""

import json
import sys

import boto3

endpoint = sys.argv[1]
how = dict(
    endpoint_url=endpoint,
    region_name="eu-central-1",
    aws_access_key_id="AKIAEXAMPLE000000000",
    aws_secret_access_key="not-a-secret",
)
s3 = boto3.client("s3", **how)
bedrock = boto3.client("bedrock", **how)
quotas = boto3.client("service-quotas", **how)
runtime = boto3.client("bedrock-runtime", **how)

records = [
    {
        "recordId": f"R{at:010d}",
        "modelInput": {
            "system": [{"text": "s"}],
            "messages": [{"role": "user", "content": [{"text": f"record {at}"}]}],
        },
    }
    for at in range(12)
]
s3.put_object(Bucket="logs", Key="judge/input/j.jsonl", Body="\n".join(map(json.dumps, records)).encode())
wanted = dict(
    jobName="loglake-judge-1",
    clientRequestToken="judge",
    roleArn="arn:aws:iam::123456789012:role/loglake-batch",
    modelId="anthropic.claude-3-haiku-20240307-v1:0",
    modelInvocationType="Converse",
    inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://logs/judge/input/j.jsonl", "s3InputFormat": "JSONL"}},
    outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://logs/judge/output/j/"}},
)
first = bedrock.create_model_invocation_job(**wanted)["jobArn"]
second = bedrock.create_model_invocation_job(**wanted)["jobArn"]
states = []
for _ in range(10):
    job = bedrock.get_model_invocation_job(jobIdentifier=first)
    states.append(job["status"])
    if job["status"] == "Completed":
        break
refused = None
try:
    bedrock.create_model_invocation_job(**{**wanted, "clientRequestToken": "other"})
except bedrock.exceptions.ConflictException as thrown:
    refused = thrown.response["Error"]["Code"]
missing = None
try:
    bedrock.get_model_invocation_job(jobIdentifier="a" * 12)
except bedrock.exceptions.ResourceNotFoundException as thrown:
    missing = thrown.response["Error"]["Code"]
listed = bedrock.list_model_invocation_jobs(nameContains="loglake-judge")["invocationJobSummaries"]
keys = [one["Key"] for one in s3.list_objects_v2(Bucket="logs", Prefix="judge/output/")["Contents"]]
lines = s3.get_object(Bucket="logs", Key=next(key for key in keys if key.endswith(".jsonl.out")))["Body"].read()
bedrock.stop_model_invocation_job(jobIdentifier=first)
answer = runtime.converse(
    modelId=wanted["modelId"],
    system=[{"text": "s"}],
    messages=[{"role": "user", "content": [{"text": "hello"}]}],
)
print(
    json.dumps(
        {
            "same": first == second,
            "states": states,
            "submitted": job["submitTime"].isoformat(),
            "total": job["totalRecordCount"],
            "refused": refused,
            "missing": missing,
            "listed": [one["jobName"] for one in listed],
            "keys": keys,
            "records": sorted(json.loads(line)["recordId"] for line in lines.decode().splitlines()),
            "quotas": [one["QuotaName"] for one in quotas.list_service_quotas(ServiceCode="bedrock")["Quotas"]],
            "answer": answer["output"]["message"]["content"][0]["text"],
            "stop": answer["stopReason"],
        }
    )
)
