/** CloudWatch Logs (PutLogEvents): 10,000 events and 1 MiB a request, sorted by time, within 24 hours. */
import type { z } from 'zod'
import { awsClients, type CloudWatchLogs } from '../../aws/clients.ts'
import { identitySection } from '../../aws/identity.ts'
import type { NeededAction } from '../../aws/needed.ts'
import { DAY_MS } from '../../lib/day.ts'
import { oneOf, section, textLike } from '../../lib/settings.ts'
import type { Answer, Delivery, Receiver, ReceiverDeps, Refused } from '../contract.ts'
import { halveOrThrow, withWayOut } from './aws-batch.ts'
import { allowed } from './sqs.ts'

export const name = 'cloudwatch-logs'
export const doc = 'A log group of CloudWatch Logs: one event for each row.'

export const settings = section(
  {
    group: textLike(
      /^[\w.\-/#]{1,512}$/,
      'the name of a log group is wanted',
      'The log group; it must be there.',
    ),
    stream: textLike(
      /^[^:*]{1,512}$/,
      'a name without : and * is wanted',
      "The stream; made when it is not there. By default the route's name.",
    ).optional(),
    time: oneOf(
      ['event', 'now'],
      'The time of an event: its own, of which CloudWatch Logs refuses what is older than 14 days, or that of the delivery.',
    ).default('event'),
    identity: identitySection('Who we are to the log group.').prefault({}),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `group: /loglake/findings`

const OLDEST_MS = 14 * DAY_MS
/** CloudWatch Logs adds 26 bytes to the size of each event. */
const MAX = 1_048_576 - 26

export function needs({ group }: Settings): NeededAction[] {
  const resource = `logs:log-group:${group}:*`
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }))
}

export function open({ group, stream, time, identity }: Settings, { route }: ReceiverDeps): Receiver {
  const clients = awsClients(identity)
  const logStreamName = stream ?? route
  let isThere = false
  return {
    max: { deliveries: 5_000, bytes: MAX, one: MAX },
    async send(batch, signal): Promise<Answer> {
      const logs = await clients.cloudWatchLogs(identity.region)
      if (!isThere) await ensure(logs, group, logStreamName)
      isThere = true
      const refused: Refused[] = []
      const now = Date.now()
      // CloudWatch Logs would refuse them too; refusing them here saves a request.
      refused.push(
        ...batch.filter((one) => time === 'event' && now - one.time * 1000 > OLDEST_MS).map(tooOld),
      )
      const old = new Set(refused.map(({ delivery }) => delivery))
      const timed = batch
        .filter((one) => !old.has(one))
        .map((delivery) => ({ delivery, timestamp: time === 'now' ? now : Math.floor(delivery.time * 1000) }))
        .sort((one, other) => one.timestamp - other.timestamp)
      for (let from = 0; from < timed.length; ) {
        const first = timed[from]?.timestamp ?? 0
        let to = from
        while (to < timed.length && (timed[to]?.timestamp ?? 0) - first < DAY_MS) to++
        const part = timed.slice(from, to)
        const deliveries = part.map(({ delivery }) => delivery)
        const logEvents = part.map(({ delivery, timestamp }) => ({
          timestamp: Math.max(0, timestamp),
          message: allowed(delivery.text),
        }))
        const request = { logGroupName: group, logStreamName, logEvents }
        const answer = await logs.putLogEvents(request, { abortSignal: signal }).then(
          ({ rejectedLogEventsInfo = {} }): Answer => ({
            refused: rejectedOf(deliveries, rejectedLogEventsInfo),
          }),
          (thrown) => halveOrThrow(deliveries, thrown, { action: 'logs:PutLogEvents' }),
        )
        refused.push(...answer.refused)
        if (answer.halve) {
          const rest = timed.slice(to).map(({ delivery }) => delivery)
          const later = { deliveries: rest, why: 'the part before it was refused' }
          return { refused, halve: answer.halve, ...(rest.length > 0 ? { later } : {}) }
        }
        from = to
      }
      return { refused }
    },
    close: async () => clients.close(),
  }
}

function tooOld(delivery: Delivery): Refused {
  return { delivery, code: 'too-old', answer: 'more than 14 days old' }
}

interface Rejected {
  tooNewLogEventStartIndex?: number | undefined
  tooOldLogEventEndIndex?: number | undefined
  expiredLogEventEndIndex?: number | undefined
}

/** The ends are exclusive: events before them were rejected. */
function rejectedOf(part: readonly Delivery[], told: Rejected): Refused[] {
  const { tooNewLogEventStartIndex: young = part.length } = told
  const { tooOldLogEventEndIndex: old = 0, expiredLogEventEndIndex: expired = 0 } = told
  return part.flatMap((delivery, at) => {
    if (at >= young) return [{ delivery, code: 'too-new', answer: 'more than two hours in the future' }]
    if (at < expired)
      return [{ delivery, code: 'expired', answer: 'older than the retention of the log group' }]
    return at < old ? [tooOld(delivery)] : []
  })
}

async function ensure(logs: CloudWatchLogs, logGroupName: string, logStreamName: string): Promise<void> {
  await logs.createLogStream({ logGroupName, logStreamName }).catch((thrown) => {
    if ((thrown as Error).name !== 'ResourceAlreadyExistsException')
      throw withWayOut(thrown, { action: 'logs:CreateLogStream' })
  })
}
