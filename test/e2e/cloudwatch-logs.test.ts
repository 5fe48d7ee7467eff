import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  type Asked,
  type JsonService,
  pretendCredentials,
  startJsonService,
} from './json-service.ts'
import { rowsOf } from './program.ts'
import { lakeIn, openOf, runUntil } from './run-source.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-log-groups-')))
afterAll(() => rmSync(root, { recursive: true }))
beforeAll(pretendCredentials)

interface LogEvent {
  eventId: string
  timestamp: number
  message: string
  logStreamName: string
}

/** Where an emulator is too kind: FilterLogEvents with every trap of its paging. */
let service: JsonService
let groups: Map<string, LogEvent[]>
let trap: (asked: Asked, found: LogEvent[]) => Answer
beforeEach(async () => {
  groups = new Map()
  trap = (_, found) => ({ body: { events: found, searchedLogStreams: [] } })
  service = await startJsonService((asked) => {
    const { operation, body } = asked
    if (operation === 'DescribeLogGroups') {
      const named = [...groups.keys()].filter((name) => name.startsWith(body.logGroupNamePrefix ?? '')).sort()
      // A page each.
      const at = Number(body.nextToken ?? 0)
      const logGroups = named.slice(at, at + 1).map((logGroupName) => ({
        logGroupName,
        arn: `arn:aws:logs:eu-central-1:111122223333:log-group:${logGroupName}:*`,
        logGroupClass: logGroupName.endsWith('rarely') ? 'INFREQUENT_ACCESS' : 'STANDARD',
      }))
      return { body: { logGroups, ...(at + 1 < named.length ? { nextToken: String(at + 1) } : {}) } }
    }
    const all = groups.get(body.logGroupName)
    if (!all) return { refused: 'ResourceNotFoundException' }
    if (body.logGroupName.endsWith('rarely')) return { refused: 'InvalidOperationException' }
    return trap(
      asked,
      all.filter(({ timestamp }) => timestamp >= body.startTime && timestamp <= body.endTime),
    )
  })
})
afterEach(() => service.stop())

const log = (id: string, agoMs: number, message = `line ${id}`, stream = 'AllTraffic/i-0abc'): LogEvent => ({
  eventId: id.padStart(56, '3'),
  timestamp: Date.now() - agoMs,
  message,
  logStreamName: stream,
})

const MINUTE = 60_000
const CHAT = '/aws/sagemaker/Endpoints/chat'

function opened(settings: object = {}) {
  const place = mkdtempSync(join(root, 'lake-'))
  const identity = { endpoint: service.endpoint, region: 'eu-central-1' }
  const lake = lakeIn(place)
  const all = { groups: ['/aws/sagemaker/*'], identity, since: '2h', poll_seconds: 1, ...settings }
  return { place, lake, source: openOf(lake, 'cloudwatch-logs', 'groups', all) }
}

const messages = async (place: string) =>
  (await rowsOf<{ message: string }>(place, 'select message from cloudwatch_log order by all')).map(
    ({ message }) => message,
  )

describe('log groups', () => {
  it('are found by pattern and read, whatever their messages are', async () => {
    groups.set(CHAT, [log('1', 30 * MINUTE), log('2', 20 * MINUTE, 'other', 'AllTraffic/i-1')])
    groups.set('/aws/sagemaker/TrainingJobs', [log('3', 10 * MINUTE, '{"loss":1}')])
    groups.set('/aws/sagemaker/left-out', [log('4', MINUTE)])
    groups.set('/aws/sagemaker/rarely', [log('5', MINUTE)])
    groups.set('/aws/lambda/other', [log('6', MINUTE)])
    const { place, lake, source } = opened({ exclude: ['*/left-*'] })
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 3)
    expect(totals.records).toMatchObject({ read: 3, stored: 3 })
    expect(await messages(place)).toEqual(['line 1', 'other', '{"loss":1}'].sort())
    const rows = await rowsOf(
      place,
      "select loggroup, logstream, owner from cloudwatch_log where message = 'other'",
    )
    expect(rows).toEqual([{ loggroup: CHAT, logstream: 'AllTraffic/i-1', owner: '111122223333' }])
    expect(totals.sourceCounts).toMatchObject({ 'log groups of class Infrequent Access': 1 })
    const [{ lake_object } = { lake_object: '' }] = await rowsOf<{ lake_object: string }>(
      place,
      "select lake_object from ledger where lake_object like '%chat%'",
    )
    expect(lake_object).toMatch(
      /^cloudwatch-logs:\/\/111122223333\/eu-central-1\/aws\/sagemaker\/Endpoints\/chat\/\d{4}\/\d\d\/\d\d\/\d{8}T\d{6}Z-[0-9a-f]{16}$/,
    )
  })

  it('come whole through empty pages with a token', async () => {
    groups.set(CHAT, [log('1', 30 * MINUTE), log('2', 20 * MINUTE)])
    trap = ({ body }, found) => {
      const at = Number(body.nextToken ?? 0)
      const events = [[], found.slice(0, 1), [], [], found.slice(1)][at] ?? []
      return { body: { events, ...(at < 4 ? { nextToken: String(at + 1) } : {}) } }
    }
    const { place, lake, source } = opened()
    await runUntil(lake, source, ({ records }) => records.read >= 2)
    expect(await messages(place)).toEqual(['line 1', 'line 2'])
  })

  it.each([
    ['comes again', (): Answer | undefined => undefined],
    [
      'is too old',
      (): Answer => ({
        refused: 'InvalidParameterException',
        message: 'The specified nextToken is invalid.',
      }),
    ],
  ])('go on from their latest event when a token %s', async (_, then) => {
    groups.set(
      CHAT,
      [1, 2, 3, 4].map((at) => log(String(at), (50 - at) * MINUTE)),
    )
    trap = ({ body }, found) => {
      const no = body.nextToken === undefined ? undefined : then()
      if (no) return no
      // Two events a page, and the token leads to the same page for ever.
      return { body: { events: found.slice(0, 2), ...(found.length > 2 ? { nextToken: 'round' } : {}) } }
    }
    const { place, lake, source } = opened()
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 4)
    expect(totals.records).toMatchObject({ stored: 4, repeated: 0 })
    expect(await messages(place)).toEqual(['line 1', 'line 2', 'line 3', 'line 4'])
  })

  it('are asked again for what came late, and go on where the lake ends', async () => {
    groups.set(CHAT, [log('1', 5 * MINUTE)])
    const { place, lake, source } = opened()
    await runUntil(lake, source, ({ records }) => {
      if (records.read === 1 && groups.get(CHAT)?.length === 1) groups.get(CHAT)?.push(log('2', 10 * MINUTE))
      return records.read >= 2
    })
    expect(await messages(place)).toEqual(['line 1', 'line 2'])
    const asked = service.asked.length
    groups.get(CHAT)?.push(log('3', 2 * MINUTE))
    const identity = { endpoint: service.endpoint, region: 'eu-central-1' }
    const again = openOf(lake, 'cloudwatch-logs', 'groups', {
      groups: [CHAT],
      identity,
      since: '1d',
      poll_seconds: 1,
    })
    const totals = await runUntil(lake, again, ({ records }) => records.stored >= 1)
    expect(totals.records).toMatchObject({ read: 3, stored: 1, repeated: 2 })
    const first = service.asked.slice(asked).find(({ operation }) => operation === 'FilterLogEvents')
    expect(Date.now() - first?.body.startTime).toBeLessThan(30 * MINUTE)
  })

  it('one that is gone or denied does not hold up the others', async () => {
    groups.set(CHAT, [log('1', MINUTE)])
    groups.set('/aws/sagemaker/secret', [log('2', MINUTE)])
    trap = ({ body }, found) =>
      body.logGroupName.endsWith('secret')
        ? { refused: 'AccessDeniedException' }
        : { body: { events: found } }
    const { place, lake, source } = opened()
    const totals = await runUntil(lake, source, ({ records }) => records.read >= 1)
    expect(await messages(place)).toEqual(['line 1'])
    expect(totals.sourceCounts).toMatchObject({
      'denied: 111122223333/eu-central-1/aws/sagemaker/secret': expect.any(Number),
    })
  })
})
