import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { completed, conditionHolds, type Parameters } from '../stack/evaluate.ts'
import { type Amount, amounts, notCounted, type Price, prices } from './prices.ts'

/** One line of a month's bill, in US dollars. */
export interface CostLine {
  what: string
  usd: number
  /** The ids of the prices that it uses. */
  prices: readonly string[]
}

export interface Cost {
  lines: readonly CostLine[]
  usd: number
  prices: readonly Price[]
  amounts: readonly Amount[]
  notCounted: readonly string[]
}

export type Numbers = Readonly<Record<string, number>>

/** Hours of a month in AWS's pricing. */
const HOURS = 730

/**
 * A month's cost by list prices and assumptions; AWS's own calculator is more exact. Free tiers of the first
 * year are not counted.
 *
 * @param isSecondTrail whether another trail records management events already
 */
export function costOf(
  given: Parameters,
  assumed: Numbers = {},
  priced: Numbers = {},
  isSecondTrail = false,
): Cost {
  const all = completed(given)
  const has = (condition: string) => conditionHolds(condition, all)
  const counted = replaced(amounts, assumed, 'value', 'assume')
  const listed = replaced(prices, priced, 'usd', 'price')
  const n = (id: string) => counted.find((one) => one.id === id)?.value ?? 0
  const usd = (id: string) => listed.find((one) => one.id === id)?.usd ?? 0
  const lines: CostLine[] = []
  const add = (when: boolean, what: string, dollars: number, ...by: string[]) => {
    if (when) lines.push({ what, usd: dollars, prices: by })
  }
  const alarms = has('RejectAlarm') ? 3 : 2
  // A message is sent, received, deleted; an empty queue is polled every 5 seconds.
  const requests = 3 * n('objects') + (HOURS * 3600) / 5
  // With bucket keys, S3 seldom calls KMS; SQS calls it once an hour for each sender and receiver.
  const keyRequests = n('objects') + 2 * HOURS

  add(true, 'the key (a rotation each year adds as much, twice at most)', usd('kms-key'), 'kms-key')
  add(true, 'requests to the key', (Math.max(0, keyRequests - 20_000) / 10_000) * usd('kms'), 'kms')
  add(true, 'the queue', (Math.max(0, requests - 1_000_000) / 1_000_000) * usd('sqs'), 'sqs')
  add(true, `${alarms} alarms`, alarms * usd('alarm'), 'alarm')
  add(
    has('NewTrail'),
    isSecondTrail
      ? 'management events of the trail: another trail has the copy that is free'
      : 'management events of the trail: the first copy in an account is free, a second trail is not',
    isSecondTrail ? (n('management-events') / 100_000) * usd('trail-second') : 0,
    'trail-second',
  )
  add(
    has('NewTrail') && has('TrailData'),
    'data events of the trail',
    (n('data-events') / 100_000) * usd('trail-data'),
    'trail-data',
  )
  add(has('NewLogBucket'), 'files that are delivered', (n('objects') / 1000) * usd('s3-put'), 's3-put')
  add(
    has('NewLogBucket'),
    'logs in their bucket',
    n('log-gb') * n('months') * usd('s3-storage'),
    's3-storage',
  )
  add(
    has('SessionStream'),
    'session logs through CloudWatch Logs and Firehose',
    n('session-gb') * (usd('logs') + usd('firehose')),
    'logs',
    'firehose',
  )
  add(has('EventStream'), 'events through Firehose', n('event-gb') * usd('firehose'), 'firehose')
  add(
    has('MetricsStream'),
    'the metric stream',
    (n('metric-updates') / 1000) * usd('metric-updates'),
    'metric-updates',
  )
  add(has('Lake'), 'objects that are read', (n('objects') / 1000) * usd('s3-get'), 's3-get')
  // A commit writes a handful of files and reads about as many.
  add(
    has('Lake'),
    'commits',
    ((n('commits') * 8) / 1000) * (usd('s3-put') + usd('s3-get')),
    's3-put',
    's3-get',
  )
  add(has('Lake'), 'tables in their bucket', n('lake-gb') * n('months') * usd('s3-storage'), 's3-storage')
  add(
    has('Fargate'),
    'the worker on Fargate',
    fargate(all, usd),
    'fargate-cpu',
    'fargate-memory',
    'fargate-disk',
  )
  add(
    has('Fargate'),
    "the worker's log, and the metric of its rejects",
    n('worker-log-gb') * usd('logs') + (has('RejectAlarm') ? usd('custom-metric') : 0),
    'logs',
    'custom-metric',
  )
  add(
    has('Fargate') && has('PublicTask'),
    "the worker's public address",
    HOURS * usd('public-address'),
    'public-address',
  )
  const sum = lines.reduce((total, line) => total + line.usd, 0)
  return { lines, usd: sum, prices: listed, amounts: counted, notCounted }
}

function fargate(all: Parameters, usd: (id: string) => number): number {
  const cpu = (Number(all.Cpu) / 1024) * usd('fargate-cpu')
  const memory = (Number(all.Memory) / 1024) * usd('fargate-memory')
  return HOURS * (cpu + memory + 30 * usd('fargate-disk'))
}

function replaced<One extends { id: string }>(
  list: readonly One[],
  given: Numbers,
  key: keyof One,
  option: string,
): One[] {
  const ids = list.map(({ id }) => id)
  for (const id of Object.keys(given))
    if (!ids.includes(id))
      throw new UserError(`--${option} knows no ${id}${didYouMean(id, ids)}: there are ${ids.join(', ')}`)
  return list.map((one) => (given[one.id] === undefined ? one : { ...one, [key]: given[one.id] }))
}
