import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Logsource } from '../../detect/contract.ts'
import { detect } from '../../detect/follower.ts'
import { type DetectSettings, detectDefaults } from '../../detect/settings.ts'
import { sigmaTables, tableFor } from '../../detect/sigma/tables.ts'
import { finding } from '../../detect/tables.ts'
import { catchUp } from '../../follow/follow.ts'
import { followerTables } from '../../followers/index.ts'
import { ingest } from '../../ingest/ingest.ts'
import { openLake } from '../../lake/lake.ts'
import { localStorage } from '../../lake/storage/local.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { logTypes } from '../../logtypes/index.ts'
import { ask } from '../../query/question.ts'
import { folder } from '../../sources/folder.ts'
import { lakeTables, logTables } from '../../tables/index.ts'
import { type MadeEvent, type MadeRecord, recordsOf } from './made.ts'

/** A test in a rule's file: events in which the rule must find something, or nothing. */
export interface RuleTest {
  /** The id of the rule. */
  rule: string
  title: string
  file: string
  /** Its number in the file, from 1. */
  number: number
  finds: boolean
  events: readonly MadeEvent[]
}

export interface TestOutcome {
  test: RuleTest
  /** Whether the rule found something in the test's events. */
  found: boolean
  passed: boolean
}

const KEYS = ['finds', 'events']
const OF_EVENTS = ['log', 'repeat', 'every', 'after']
/** The logs whose events tests can have. */
const LOGS = ['cloudtrail', 'bedrock_invocation']

/**
 * The tests of the rules in a file; those of a filter apply to the first rule that it names.
 *
 * @throws UserError for a test that would test something else than it says
 */
export function testsIn(file: string): RuleTest[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8')).filter(
    ({ contents, errors }) => contents !== null && errors.length === 0,
  )
  return documents.flatMap((document, place) => {
    const { id, name, title, tests, filter, logsource } = (document.toJS() ?? {}) as Record<string, unknown>
    const filtered = (filter as { rules?: unknown } | undefined)?.rules
    if (tests === undefined) return []
    if (!Array.isArray(tests)) throw new UserError(`${visible(file)}: tests: a list of tests is wanted`)
    // The log that the rule reads: in events of another one, it would find nothing whatever it says.
    const log = tableFor(sigmaTables(logTypes), (logsource ?? {}) as Logsource)?.name ?? (LOGS[0] as string)
    return tests.map((test: unknown, at) => {
      const why = faultOf(test, log)
      if (why !== undefined)
        throw new UserError(`${visible(file)}: test ${at + 1} of ${visible(String(title))}: ${why}`)
      const { finds, events } = test as { finds: boolean; events: MadeEvent[] }
      return {
        rule: String(
          (Array.isArray(filtered) ? filtered[0] : undefined) ??
            id ??
            name ??
            `${relative('', file)}#${place + 1}`,
        ),
        title: String(title),
        file,
        number: at + 1,
        finds,
        events: events.map((event) => ({ log, ...event })),
      }
    })
  })
}

/** Why a test cannot be run as it is written. */
function faultOf(test: unknown, own: string): string | undefined {
  if (typeof test !== 'object' || test === null) return 'a map with `finds` and `events` is wanted'
  const { finds, events } = test as { finds?: unknown; events?: unknown }
  const unknown = Object.keys(test).find((key) => !KEYS.includes(key))
  if (unknown !== undefined && OF_EVENTS.includes(unknown))
    return `\`${unknown}\` is a key of an event, and not of a test`
  if (unknown !== undefined) return `there is no key ${visible(unknown)}${didYouMean(unknown, KEYS)}`
  if (typeof finds !== 'boolean') return '`finds` is true or false'
  if (!Array.isArray(events) || events.length === 0) return '`events` is a list of events'
  for (const event of events) {
    if (typeof event !== 'object' || event === null) return 'an event is a map of fields'
    const { log = own } = event as MadeEvent
    if (!LOGS.includes(String(log)))
      return `\`log\` is ${LOGS.join(' or ')}, not ${visible(String(log))}: events of other logs cannot be made`
  }
  return undefined
}

/**
 * Runs tests through the real pipeline: their events become files, the files a lake, and detection runs over
 * it once. The lake is in a temporary folder.
 */
export async function runTests(
  tests: readonly RuleTest[],
  settings: DetectSettings = detectDefaults,
): Promise<TestOutcome[]> {
  const place = mkdtempSync(join(tmpdir(), 'loglake-rules-'))
  try {
    const owner = new Map<string, RuleTest>()
    const records = tests.flatMap((test) => {
      const made = recordsOf(test.events, `${test.file} ${test.rule} ${test.number}`)
      for (const { id } of made) owner.set(id, test)
      return made
    })
    writeLogs(join(place, 'logs'), records)
    const lake = openLake(localStorage(join(place, 'lake')), [...lakeTables, ...followerTables])
    const limits = { threads: 1, memory: '512MiB' }
    await ingest(lake, folder([join(place, 'logs')]), { threads: 1, memory: '512MiB' })
    const only = [...new Set(tests.map(({ rule }) => rule))]
    await catchUp(lake, detect({ tables: logTables, settings, only }), { limits })
    const answer = await ask(lake, `select rule, evidence from ${finding.name}`, { views: [], limits })
    const hits = new Set<string>()
    try {
      for await (const [rule, evidence] of answer.rows()) {
        for (const { id } of JSON.parse(String(evidence)) as { id: string }[]) {
          const test = owner.get(id)
          if (test) hits.add(`${String(rule)} ${test.file} ${test.rule} ${test.number}`)
        }
      }
    } finally {
      answer.close()
    }
    return tests.map((test) => {
      const found = hits.has(`${test.rule} ${test.file} ${test.rule} ${test.number}`)
      return { test, found, passed: found === test.finds }
    })
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function writeLogs(place: string, records: readonly MadeRecord[]): void {
  mkdirSync(place, { recursive: true })
  const of = (log: string) => records.filter((one) => one.log === log).map(({ record }) => record)
  const trail = of('cloudtrail')
  if (trail.length > 0) writeFileSync(join(place, 'cloudtrail.json'), JSON.stringify({ Records: trail }))
  const invocations = of('bedrock_invocation')
  if (invocations.length > 0)
    writeFileSync(
      join(place, 'invocations.json'),
      `${invocations.map((one) => JSON.stringify(one)).join('\n')}\n`,
    )
}
