import { sh } from '../command.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'
import { newestObjects, type Queue } from '../facts.ts'
import { ofEachQueue } from '../queues.ts'
import { guarded } from '../trouble.ts'
import { age } from '../words.ts'

const DAY_S = 86_400
/** Minimum retention: a message must outlast a weekend and a day. */
const LEAST_RETENTION_S = 4 * DAY_S
/** Minimum number of receives before a queue moves a message to the dead-letter queue. */
const LEAST_RECEIVES = 3
/** While messages wait, a commit is expected within this time. */
const STILL_MS = 15 * 60_000

export const backlog: Check = {
  name: 'backlog',
  group: 'Logs arrive',
  title: 'The queue is read, and loses nothing',
  doc: 'Messages that wait while nothing is committed; a dead-letter queue that is there, with a redrive policy that gives an object more than one chance, and what is in it; how long messages are kept.',
  permissions: ['sqs:GetQueueAttributes'],
  mends: '`loglake run`; retention and redrive policy of the queue.',
  aws: true,
  run: (premises) => ofEachQueue(premises, (queue) => lines(premises, queue)),
}

async function lines(premises: Premises, queue: Queue): Promise<Line[]> {
  const { attributes, url, source } = queue
  const count = (name: string) => Number(attributes[name] ?? 0)
  const waiting = count('ApproximateNumberOfMessages')
  const newest = (await newestObjects(premises)).find((one) => one.source === source.name)
  const found: Line[] = []
  const stillMs = newest === undefined ? Number.POSITIVE_INFINITY : premises.now() - newest.committedMs
  if (waiting > 0 && stillMs > STILL_MS)
    found.push(
      not(
        `${waiting} message${waiting === 1 ? '' : 's'} wait, and ${newest === undefined ? 'nothing was ever' : `for ${age(stillMs)} nothing was`} committed`,
        { does: 'Run the source, and see what it says.', commands: [sh`loglake run ${source.name}`] },
        url,
      ),
    )
  if (count('MessageRetentionPeriod') < LEAST_RETENTION_S)
    found.push(
      not(
        `messages are kept for ${age(count('MessageRetentionPeriod') * 1000)} only: what waits longer is lost`,
        {
          does: 'Keep them for 14 days, which costs nothing.',
          ours: true,
          calls: [attribute(queue, { MessageRetentionPeriod: String(14 * DAY_S) })],
        },
        url,
      ),
    )
  found.push(...(await redriveLines(queue)))
  return found.length > 0
    ? found
    : [ok(`${waiting} waiting, ${count('ApproximateNumberOfMessagesNotVisible')} in hand`, url)]
}

function attribute({ identity: as, url, region }: Queue, Attributes: Record<string, string>) {
  return {
    as,
    service: 'sqs' as const,
    action: 'SetQueueAttributes',
    region,
    input: { QueueUrl: url, Attributes },
  }
}

async function redriveLines(queue: Queue): Promise<Line[]> {
  const { attributes, url, arn, identity: as, region } = queue
  const name = arn.split(':').at(-1) ?? ''
  if (!attributes.RedrivePolicy) {
    const deadLetterTargetArn = `${arn}-dead`
    return [
      not(
        'it has no dead-letter queue: a message that nobody can settle comes again until it expires, and is gone then',
        {
          does: 'Make one, and let messages go there after five receives.',
          ours: true,
          calls: [
            {
              as,
              service: 'sqs',
              action: 'CreateQueue',
              region,
              input: {
                QueueName: `${name}-dead`,
                Attributes: { MessageRetentionPeriod: String(14 * DAY_S) },
              },
            },
            attribute(queue, {
              RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '5' }),
            }),
          ],
        },
        url,
      ),
    ]
  }
  const { deadLetterTargetArn = '', maxReceiveCount } = JSON.parse(attributes.RedrivePolicy) as Record<
    string,
    string
  >
  const lines: Line[] = []
  if (Number(maxReceiveCount) < LEAST_RECEIVES)
    lines.push(
      not(
        `a message is set aside after ${maxReceiveCount} receive${Number(maxReceiveCount) === 1 ? '' : 's'}: one failure of S3 is enough`,
        {
          does: 'Give it five.',
          ours: true,
          calls: [
            attribute(queue, {
              RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '5' }),
            }),
          ],
        },
        url,
      ),
    )
  return [...lines, ...(await deadLines(queue, deadLetterTargetArn))]
}

async function deadLines(queue: Queue, arn: string): Promise<Line[]> {
  const name = arn.split(':').at(-1) ?? ''
  return await guarded(`sqs:GetQueueAttributes on ${arn}`, { about: arn, as: queue.identity }, async () => {
    const { QueueUrl = '' } = await queue.sqs.getQueueUrl({ QueueName: name })
    const { Attributes = {} } = await queue.sqs.getQueueAttributes({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    })
    const deadLetters = Number(Attributes.ApproximateNumberOfMessages ?? 0)
    if (deadLetters === 0) return []
    return not(
      `${deadLetters} message${deadLetters === 1 ? '' : 's'} in its dead-letter queue`,
      {
        does: 'See what they announce, mend that, and let them come again.',
        calls: [
          {
            as: queue.identity,
            service: 'sqs',
            action: 'StartMessageMoveTask',
            region: queue.region,
            input: { SourceArn: arn },
          },
        ],
      },
      arn,
    )
  })
}
