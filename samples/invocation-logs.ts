// Turns the week's Bedrock calls into model invocation logs. Each call has the request id, the time and the
// tokens of its CloudTrail event; refused calls are in CloudTrail alone, and so is eu-central-1, where
// logging is off.
import { gzipSync } from 'node:zlib'
import { codeRun, type Exchange, embedding, supportRun } from './exchanges.ts'
import type { LogFile } from './firehose.ts'
import { at, type JsonObject, named, US } from './organisation.ts'
import { type Entry, groupBy } from './record.ts'

const BUCKET = 'example-model-logs'
const LOGGED = /^(InvokeModel|Converse)/
// Seconds of pause after which an agent's new run begins.
const PAUSE = 600
// In one ticket the agent obeys an injected instruction: the first long one of that day.
const TRAP_FROM = at(3, '09:00')

export function invocationLogs(entries: Entry[]): LogFile[] {
  const calls = entries.filter(
    ({ record, region }) =>
      record.eventSource === 'bedrock.amazonaws.com' &&
      LOGGED.test(record.eventName as string) &&
      region === US &&
      !/AccessDenied/.test(String(record.errorCode)),
  )
  const callers = groupBy(calls, (each) => (each.record.userIdentity as JsonObject).arn as string)
  const files: LogFile[] = []
  const runs = [...callers.values()].flatMap(runsOf)
  const trapped = runs.find(
    ([first, ...rest]) => first?.record.eventName === 'Converse' && first.at > TRAP_FROM && rest.length >= 4,
  )
  const records = runs.flatMap((run) => {
    const exchanges = exchangesOf(run, run === trapped)
    return run.map((entry, turn) => ({ entry, record: recordOf(entry, exchanges[turn] as Exchange, files) }))
  })
  const hours = groupBy(records, ({ entry }) => folderOf(entry))
  for (const [folder, group] of [...hours].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = Math.max(...group.map(({ entry }) => entry.at))
    const stamp = new Date(last * 1000 + 31_417).toISOString().replaceAll(/[-:.]/g, '')
    const name = `${stamp}_${named('invocations', folder).hex(16)}.json.gz`
    const text = group.map(({ record }) => `${JSON.stringify(record)}\n`).join('')
    files.push({ key: `${folder}/${name}`, bytes: gzipSync(text) })
  }
  return files.map(({ key, bytes }) => ({ key: `model-logs/${key}`, bytes }))
}

function runsOf(calls: Entry[]): Entry[][] {
  const runs: Entry[][] = []
  for (const call of calls) {
    const before = runs.at(-1)?.at(-1)
    if (before && call.at - before.at < PAUSE) runs.at(-1)?.push(call)
    else runs.push([call])
  }
  return runs
}

function exchangesOf(run: Entry[], trapped: boolean): Exchange[] {
  const [first] = run as [Entry]
  const name = (first.record.userIdentity as JsonObject).arn as string
  const random = named('run', name, String(first.at))
  const failed = run.map((entry) => entry.record.errorCode !== undefined)
  if (first.record.eventName === 'Converse')
    return supportRun(random, failed, name.split('/').at(-1) as string, trapped)
  if (first.record.eventName === 'InvokeModelWithResponseStream') return codeRun(random, failed)
  return run.map((entry) =>
    embedding(random, (entry.record.requestParameters as JsonObject).modelId as string),
  )
}

function folderOf({ account, region, at }: Entry): string {
  const hour = new Date(at * 1000).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')
  return `AWSLogs/${account}/BedrockModelInvocationLogs/${region}/${hour}`
}

function recordOf(entry: Entry, exchange: Exchange, files: LogFile[]): JsonObject {
  const { record, account, region } = entry
  const more = (record.additionalEventData ?? {}) as JsonObject
  const failed = record.errorCode as string | undefined
  const [inputTokens, outputTokens] = [Number(more.inputTokens ?? 0), Number(more.outputTokens ?? 0)]
  const requestId = record.requestID as string
  const cached = exchange.cached ? Math.floor(inputTokens * 0.7) : 0
  const body = exchange.input
  // A body that is too large for the record is an object of its own: once in this week.
  const path = `${folderOf(entry)}/data/${requestId}_input.json.gz`
  const beside = exchange.large === true && files.length === 0
  if (beside) files.push({ key: path, bytes: gzipSync(JSON.stringify(body)) })
  return {
    timestamp: record.eventTime as string,
    accountId: account,
    identity: { arn: (record.userIdentity as JsonObject).arn as string },
    region,
    requestId,
    operation: record.eventName as string,
    modelId: (record.requestParameters as JsonObject).modelId as string,
    ...(exchange.metadata && { requestMetadata: exchange.metadata }),
    ...(failed && { errorCode: failed }),
    input: {
      inputContentType: 'application/json',
      ...(beside ? { inputBodyS3Path: `s3://${BUCKET}/${path}` } : { inputBodyJson: body }),
      inputTokenCount: inputTokens - cached,
      ...(cached > 0 && { cacheReadInputTokenCount: cached, cacheWriteInputTokenCount: 0 }),
    },
    ...(!failed && {
      output: {
        outputContentType: 'application/json',
        outputBodyJson: exchange.output({ input: inputTokens - cached, output: outputTokens, cached }),
        outputTokenCount: outputTokens,
      },
    }),
    ...(more.inferenceRegion && { inferenceRegion: more.inferenceRegion }),
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
  }
}
