/** A price of AWS, of us-east-1, in US dollars. `checked` is the month of the page that it was held against; none where it was not. */
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

/** Every price that a plan counts with. `loglake aws plan --price id=usd` puts another in its place. */
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
  price('fargate-cpu', 0.04048, 'vCPU and hour', 'fargate', '2026-06'),
  price('fargate-memory', 0.004445, 'GB and hour', 'fargate', '2026-06'),
  price('fargate-disk', 0.000111, 'GB and hour above 20 GB', 'fargate'),
]

/** How much there is in a month: what a plan assumes unless it is told. */
export interface Amount {
  id: string
  value: number
  what: string
}

const amount = (id: string, value: number, what: string): Amount => ({ id, value, what })

/** `loglake aws plan --assume id=value` puts another in its place. */
export const amounts: readonly Amount[] = [
  amount('data-events', 1_000_000, 'calls of endpoints, agents, knowledge bases and guardrails'),
  amount(
    'objects',
    60_000,
    'files that AWS delivers (17 Regions, one each 12 minutes or so, and Bedrock, streams, findings)',
  ),
  amount('log-gb', 10, 'GB of logs as delivered, and kept for as many months as --months says'),
  amount('lake-gb', 6, 'GB of tables that they become'),
  amount('months', 12, 'months that logs and tables have been kept for, for their storage'),
  amount('session-gb', 1, 'GB of session logs'),
  amount('event-gb', 0.5, 'GB of events of EventBridge, as Firehose counts them'),
  amount('metric-updates', 1_000_000, 'updates of metrics of SageMaker and Bedrock'),
  amount('commits', 45_000, 'commits of the worker: about one a minute, where objects keep coming'),
]
