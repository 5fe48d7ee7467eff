import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest } from 'loglake'
import { afterAll, describe, expect, it } from 'vitest'
import { compact } from '../../src/lake/compact.ts'
import { compared, limits, openSummarised } from './summaries/summarised.ts'

/** Rows that change what a summary said before: each step is late for the one before it. */

const root = mkdtempSync(join(tmpdir(), 'loglake-late-'))
afterAll(() => rmSync(root, { recursive: true }))
const { lake, rows, compare, follow, close } = await openSummarised(join(root, 'lake'))
afterAll(close)

const ACCOUNT = '111122223333'
const SESSION = 'carol@example.com-0a1b2c3d4e5f60718'
let next = 0

function event(time: string, eventSource: string, eventName: string, more: object = {}): object {
  return {
    eventVersion: '1.11',
    eventID: `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}`,
    eventTime: `2026-02-03T${time}Z`,
    eventSource,
    eventName,
    awsRegion: 'us-east-1',
    recipientAccountId: ACCOUNT,
    readOnly: eventName.startsWith('List'),
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/carol@example.com`,
      accessKeyId: 'ASIAEXAMPLE000000001',
    },
    eventType: 'AwsApiCall',
    eventCategory: 'Management',
    ...more,
  }
}

const ssm = (time: string, name: string) =>
  event(time, 'ssm.amazonaws.com', name, {
    requestParameters: name === 'StartSession' ? { target: 'i-0123456789abcdef0' } : { sessionId: SESSION },
    responseElements: { sessionId: SESSION },
  })
const call = (time: string, name = 'ListBuckets') => event(time, 's3.amazonaws.com', name)
const trailOf = (requestID: string, time: string) =>
  event(time, 'bedrock.amazonaws.com', 'Converse', {
    requestID,
    requestParameters: { modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' },
  })

/** A model call that sends `messages` messages, the first of which names its conversation. */
function invocation(
  requestId: string,
  time: string,
  first: string,
  messages: number,
  more: object = {},
): object {
  const text = (n: number) => ({
    role: n % 2 === 0 ? 'user' : 'assistant',
    content: [{ text: n === 0 ? first : `message ${n}` }],
  })
  return {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: `2026-02-03T${time}Z`,
    accountId: ACCOUNT,
    region: 'us-east-1',
    requestId,
    operation: 'Converse',
    modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    identity: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/AgentRole/run-1` },
    input: {
      inputContentType: 'application/json',
      inputBodyJson: { messages: Array.from({ length: messages }, (_, n) => text(n)) },
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: {
        output: { message: { role: 'assistant', content: [{ text: 'An answer.' }] } },
        stopReason: 'end_turn',
        metrics: { latencyMs: 900 + messages },
        usage: { inputTokens: 20 * messages, outputTokens: 10, totalTokens: 20 * messages + 10 },
      },
    },
    ...more,
  }
}

interface Delivery {
  trail?: object[]
  models?: object[]
}

async function deliver({ trail = [], models = [] }: Delivery): Promise<void> {
  const place = join(root, `in-${next++}`)
  mkdirSync(place)
  if (trail.length > 0) writeFileSync(join(place, 'trail.json'), JSON.stringify({ Records: trail }))
  if (models.length > 0)
    writeFileSync(join(place, 'models.json'), models.map((one) => JSON.stringify(one)).join('\n'))
  const { records } = await ingest(lake, folder([place]), { threads: 1 })
  expect(records.stored).toBe(trail.length + models.length)
}

const runs = () => rows('select conversation, calls from conversation_summary_newest order by 1')
const windows = () =>
  rows(`select strftime(time, '%H:%M'), told_by, invocations from model_usage_10min_newest order by all`)
const opened = () =>
  rows(
    `select outcome, minutes, resumed, api_calls, terminated_by from session_summary_newest order by started`,
  )

const steps: { name: string; delivered: Delivery; holds?(): Promise<void> }[] = [
  {
    name: 'the end of a session, and a call that only CloudTrail tells of',
    delivered: { trail: [ssm('10:30:00', 'TerminateSession'), trailOf('r-1', '11:09:30')] },
    async holds() {
      expect(await opened()).toEqual([])
      expect(await windows()).toEqual([['11:00', 'cloudtrail', 1]])
    },
  },
  {
    name: 'the beginning of that session, and the other log of that call, ten minutes on',
    delivered: {
      trail: [ssm('09:00:00', 'StartSession'), ssm('09:30:00', 'ResumeSession'), call('08:50:00')],
      models: [invocation('r-1', '11:10:30', 'alone', 1)],
    },
    async holds() {
      expect(await opened()).toEqual([['opened', 90, 1, 1, 'carol@example.com']])
      expect(await windows()).toEqual([['11:10', 'both', 1]])
    },
  },
  {
    name: 'calls around the session, and two runs of an agent',
    delivered: {
      trail: [call('10:44:59', 'PutObject'), call('10:45:01'), call('08:44:59'), call('09:10:00')],
      models: [invocation('r-2', '12:00:00', 'hello', 1), invocation('r-4', '12:40:00', 'hello', 5)],
    },
    async holds() {
      expect((await opened())[0]?.[3]).toBe(3)
      expect(await runs()).toEqual([
        ['r-1', 1],
        ['r-2', 1],
        ['r-4', 1],
      ])
    },
  },
  {
    name: 'a call that makes one run of the two',
    delivered: { models: [invocation('r-3', '12:20:00', 'hello', 3)] },
    async holds() {
      expect(await runs()).toEqual([
        ['r-1', 1],
        ['r-2', 3],
      ])
    },
  },
  {
    name: 'a run that goes on for hours',
    delivered: {
      models: Array.from({ length: 12 }, (_, n) => {
        const minutes = 13 * 60 + n * 25
        const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00`
        return invocation(`s-${String(n).padStart(2, '0')}`, time, 'hello', 7 + 2 * n)
      }),
    },
    async holds() {
      expect(await runs()).toEqual([
        ['r-1', 1],
        ['r-2', 15],
      ])
    },
  },
  {
    name: 'its first call, which takes the name over',
    delivered: { models: [invocation('r-0', '11:45:00', 'hello', 1)] },
    // The history gets no longer from it to the next: that is still one run.
    async holds() {
      expect(await runs()).toEqual([
        ['r-0', 16],
        ['r-1', 1],
      ])
    },
  },
  {
    name: 'a call without a caller, and then who that was',
    delivered: {
      models: [invocation('u-1', '20:00:00', '', 0, { identity: undefined, input: {}, output: {} })],
    },
    async holds() {
      await deliver({ trail: [trailOf('u-1', '20:00:01')] })
      await follow()
    },
  },
  {
    name: 'nothing but compaction',
    delivered: {},
    async holds() {
      await compact(lake, { limits })
    },
  },
]

describe.each(steps)('after $name', ({ delivered, holds }) => {
  it('each summary says what the rows say', async () => {
    if (Object.keys(delivered).length > 0) await deliver(delivered)
    await follow()
    await holds?.()
    for (const name of compared) {
      const { rows: _, ...wrong } = await compare(name)
      expect(wrong, name).toEqual({ onlyStored: [], onlyRaw: [] })
    }
  })
})
