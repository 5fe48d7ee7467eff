import type { Place, Wanted } from './contract.ts'
import { findStack } from './deploy.ts'
import { memories, type Remembered } from './memory.ts'
import { contextOf } from './plan.ts'
import { DEFAULTS } from './wanted.ts'

/** The state of a set-up. */
export interface Status {
  account: string
  region: string
  stack: string
  status: string | undefined
  reason: string | undefined
  outputs: Readonly<Record<string, string>>
  /** Waiting messages, and messages that failed five attempts; undefined without permission. */
  waiting: number | undefined
  dead: number | undefined
  /** Steps outside the stack, each of which `destroy` undoes. */
  taken: readonly Remembered[]
}

export async function status(place: Place, name: string): Promise<Status> {
  const stack = await findStack(place, name)
  const outputs = stack?.outputs ?? {}
  const [waiting, dead, taken] = await Promise.all([
    messagesIn(place, outputs.Queue),
    messagesIn(place, outputs.DeadLetters),
    memories(contextOf(place, nothingWanted(name), stack)).catch(() => []),
  ])
  const { account, region } = place
  return {
    account,
    region,
    stack: name,
    status: stack?.status,
    reason: stack?.reason,
    outputs,
    waiting,
    dead,
    taken,
  }
}

/** For commands that only read or undo. */
export function nothingWanted(stack: string): Wanted {
  const { capture, sampling } = DEFAULTS
  return {
    stack,
    parameters: { Name: stack },
    buckets: [],
    trail: undefined,
    bedrockLogging: false,
    sessionPreferences: false,
    capture,
    sampling,
  }
}

async function messagesIn({ clients }: Place, QueueUrl: string | undefined): Promise<number | undefined> {
  if (QueueUrl === undefined) return undefined
  const sqs = await clients.sqs()
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  return await sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...AttributeNames] }).then(
    ({ Attributes = {} }) => AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0),
    () => undefined,
  )
}
