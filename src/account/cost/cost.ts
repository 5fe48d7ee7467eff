import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { completed, conditionHolds, type Parameters } from '../stack/evaluate.ts'
import { type Amount, amounts, type Price, prices } from './prices.ts'

/** One line of the bill of a month, in dollars of the United States. */
export interface CostLine {
  what: string
  usd: number
  /** The prices that it counts with. */
  prices: readonly string[]
}

export interface Cost {
  lines: readonly CostLine[]
  usd: number
  prices: readonly Price[]
  amounts: readonly Amount[]
}

export type Numbers = Readonly<Record<string, number>>

/** Hours of a month, as AWS counts them. */
const HOURS = 730

/**
 * What a month costs, by list prices and assumptions: AWS's own calculator knows more. What AWS gives away in the first year is not counted.
 */
export function costOf(given: Parameters, assumed: Numbers = {}, priced: Numbers = {}): Cost {
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
  // A message is sent, received, deleted; an empty queue is asked every 5 seconds.
  const requests = 3 * n('objects') + (HOURS * 3600) / 5
  // With bucket keys, S3 asks KMS rarely; SQS asks once an hour for each of those that send and receive.
  const keyRequests = n('objects') + 2 * HOURS

  add(true, 'the key (a rotation each year adds as much, twice at most)', usd('kms-key'), 'kms-key')
  add(true, 'requests to the key', (Math.max(0, keyRequests - 20_000) / 10_000) * usd('kms'), 'kms')
  add(true, 'the queue', (Math.max(0, requests - 1_000_000) / 1_000_000) * usd('sqs'), 'sqs')
  add(true, `${alarms} alarms`, alarms * usd('alarm'), 'alarm')
  add(
    has('NewTrail'),
    'management events of the trail: the first copy in an account is free, a second trail is not',
    0,
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
  return { lines, usd: lines.reduce((sum, line) => sum + line.usd, 0), prices: listed, amounts: counted }
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
