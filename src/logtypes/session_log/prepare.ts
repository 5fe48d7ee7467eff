import { createHash } from 'node:crypto'
import type { Context, Delivery } from '../../envelopes/contract.ts'
import { skipSpace } from '../../json/bytes.ts'
import { leftover } from '../../json/strict.ts'
import { plainTime, timeOfMillis } from '../../json/time.ts'
import { type JsonObject, type JsonValue, jsonOf, objectOf, textOf, tornValues } from '../../json/values.ts'
import type { Prepared, Row } from '../contract.ts'
import { shapeOf } from '../shape.ts'
import { columns } from './columns.ts'
import { seen } from './screen.ts'

const SHAPE = shapeOf(columns, { sessionId: 'id', sessionData: 'parsed' })

/** Whether a record is an event that the agent streams to CloudWatch Logs during a session. */
export function isStreamed(record: JsonObject): boolean {
  return Object.hasOwn(record, 'sessionData') && Object.hasOwn(record, 'sessionId')
}

/** One piece of a session's output: a streamed event, or text that was uploaded at the session's end. */
export function prepare(delivery: Delivery): Prepared {
  const { record } = delivery
  return record ? streamed(delivery, record) : uploaded(delivery)
}

function streamed({ bytes, context }: Delivery, record: JsonObject): Prepared {
  const { eventVersion, eventTime, awsRegion, target, userIdentity, runAsUser, sessionId, sessionData } =
    record
  const timestamp = timeOfMillis(context.cloudwatch?.timestamp ?? Number.NaN)
  const eventtime = plainTime(textOf(eventTime) ?? '') ?? timestamp
  if (eventtime === undefined) return { kind: 'rejected', reason: 'eventTime is missing or is no time' }
  const rest = leftover(bytes.subarray(skipSpace(bytes, 0)), record, SHAPE)
  if (rest.kind === 'refused') return { kind: 'rejected', reason: rest.reason }
  return {
    kind: 'row',
    row: {
      eventtime,
      ...sessionOf(textOf(sessionId)?.trim() || context.cloudwatch?.logStream),
      awsregion: textOf(awsRegion),
      target_id: textOf(objectOf(target).id),
      useridentity_arn: textOf(objectOf(userIdentity).arn),
      runasuser: textOf(runAsUser),
      ...textAndLines(outputOf(sessionData)),
      sessiondata: sessionData === null ? undefined : JSON.stringify(sessionData),
      delivery: 'streamed',
      ...cloudwatchOf(context),
      eventversion: textOf(eventVersion),
      unmapped: rest.unmapped,
    },
  }
}

function uploaded({ bytes, text, context }: Delivery): Prepared {
  const { cloudwatch, transcript, writtenMs } = context
  const eventtime = transcript?.time ?? timeOfMillis(cloudwatch?.timestamp ?? writtenMs)
  if (eventtime === undefined) return { kind: 'rejected', reason: 'the log event has no timestamp' }
  const output = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  const session = sessionOf(cloudwatch?.logStream ?? transcript?.sessionId)
  const id = createHash('sha256')
    .update(`${session.sessionid ?? ''}\n${transcript?.piece}\n`)
    .update(bytes)
  return {
    kind: 'row',
    row: {
      eventtime,
      ...session,
      ...textAndLines(output),
      output,
      delivery: cloudwatch ? 'cloudwatch' : 's3',
      ...(cloudwatch
        ? cloudwatchOf(context)
        : { piece: transcript?.piece, id: id.digest('hex').slice(0, 40) }),
      unmapped: tornValues({ output: text }),
    },
  }
}

/**
 * `f_sessionid`, by the same rule as in cloudtrail/flatten.sql: the part after the last dash, in lower case.
 */
function sessionOf(id: string | undefined): Row & { sessionid: string | undefined } {
  return { sessionid: id, f_sessionid: /[^-]+$/.exec(id ?? '')?.[0].toLowerCase() }
}

function textAndLines(output: string | undefined): Row {
  if (output === undefined) return { lines: 0 }
  const text = seen(output)
  const feeds = text.split('\n').length - 1
  return { text, lines: feeds + (text === '' || text.endsWith('\n') ? 0 : 1) }
}

function cloudwatchOf({ cloudwatch }: Context): Row {
  if (!cloudwatch) return {}
  const { id, logGroup, logStream, owner, subscriptionFilters, policyLevel, extractedFields } = cloudwatch
  return {
    timestamp: timeOfMillis(cloudwatch.timestamp),
    id,
    loggroup: logGroup,
    logstream: logStream,
    owner,
    subscriptionfilters: jsonOf(subscriptionFilters),
    policylevel: policyLevel,
    extractedfields: jsonOf(extractedFields),
  }
}

/** The output of an event, joined from the lines that the agent split it into. */
function outputOf(sessionData: JsonValue | undefined): string | undefined {
  if (typeof sessionData === 'string') return sessionData
  if (!Array.isArray(sessionData)) return undefined
  return sessionData.map((line) => (typeof line === 'string' ? line : '')).join('\n')
}
