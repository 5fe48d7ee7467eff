/**
 * A list price of AWS in us-east-1, in US dollars. `checked` is the month in which it was compared with AWS's
 * page; undefined if never.
 */
export interface Price {
  id: string
  usd: number
  per: string
  source: string
  checked: string | undefined
}

const price = (id: string, usd: number, per: string, page: string, checked?: string): Price => ({
  id,
  usd,
  per,
  source: `https://aws.amazon.com/${page}/pricing/`,
  checked,
})

/** Every price that a plan uses. `loglake aws plan --price id=usd` replaces one. */
export const prices: readonly Price[] = [
  price('trail-data', 0.1, '100,000 data events', 'cloudtrail', '2026-06'),
  price('trail-second', 2, '100,000 management events of a second trail', 'cloudtrail', '2026-06'),
  price('s3-storage', 0.023, 'GB and month', 's3'),
  price('s3-put', 0.005, '1,000 PUT or LIST requests', 's3'),
  price('s3-get', 0.0004, '1,000 GET requests', 's3'),
  price('sqs', 0.4, '1,000,000 requests, the first 1,000,000 of a month free', 'sqs', '2026-06'),
  price('kms-key', 1, 'key and month', 'kms', '2026-06'),
  price('kms', 0.03, '10,000 requests, the first 20,000 of a month free', 'kms', '2026-06'),
  price('firehose', 0.029, 'GB, records rounded up to 5 KB', 'firehose'),
  price('logs', 0.5, 'GB into CloudWatch Logs', 'cloudwatch', '2026-06'),
  price('metric-updates', 0.003, '1,000 updates in a metric stream', 'cloudwatch'),
  price('alarm', 0.1, 'alarm and month', 'cloudwatch'),
  price('custom-metric', 0.3, 'metric of our own and month', 'cloudwatch'),
  price('public-address', 0.005, 'public IPv4 address and hour', 'vpc'),
  price('fargate-cpu', 0.04048, 'vCPU and hour', 'fargate', '2026-06'),
  price('fargate-memory', 0.004445, 'GB and hour', 'fargate', '2026-06'),
  price('fargate-disk', 0.000111, 'GB and hour above 20 GB', 'fargate'),
]

/** A monthly amount that a plan assumes by default. */
export interface Amount {
  id: string
  value: number
  what: string
}

const amount = (id: string, value: number, what: string): Amount => ({ id, value, what })

/** `loglake aws plan --assume id=value` replaces one. */
export const amounts: readonly Amount[] = [
  amount('management-events', 1_000_000, 'management events, which only a second trail pays for'),
  amount('data-events', 1_000_000, 'calls of endpoints, agents, knowledge bases and guardrails'),
  amount(
    'objects',
    60_000,
    'files that AWS delivers (17 Regions, one each 12 minutes or so, and Bedrock, streams, findings)',
  ),
  amount('log-gb', 10, 'GB of logs as delivered, and kept for as many months as `months` says'),
  amount('lake-gb', 6, 'GB of tables that they become'),
  amount('months', 12, 'months that logs and tables have been kept for, for their storage'),
  amount('session-gb', 1, 'GB of session logs'),
  amount('worker-log-gb', 0.5, "GB of the worker's own log on Fargate"),
  amount('event-gb', 0.5, 'GB of events of EventBridge, as Firehose counts them'),
  amount('metric-updates', 1_000_000, 'updates of metrics of SageMaker and Bedrock'),
  amount('commits', 45_000, 'commits of the worker: about one a minute, where objects keep coming'),
]

/** What a plan does not count, since it depends on what an account has already. */
export const notCounted: readonly string[] = [
  'what SageMaker, Bedrock, GuardDuty and Athena themselves charge',
  'a NAT gateway or VPC endpoints of the subnets of the Fargate task, and Container Insights',
  'transfer to other Regions or out of AWS, requests to the logs of existing buckets by their own keys',
]
