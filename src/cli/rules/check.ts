import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { detect } from '../../detect/follower.ts'
import { type DetectSettings, detectDefaults } from '../../detect/settings.ts'
import { finding } from '../../detect/tables.ts'
import { catchUp } from '../../follow/follow.ts'
import { followerTables } from '../../followers/index.ts'
import { ingest } from '../../ingest/ingest.ts'
import { openLake } from '../../lake/lake.ts'
import { localStorage } from '../../lake/storage/local.ts'
import { ask } from '../../query/question.ts'
import { folder } from '../../sources/folder.ts'
import { lakeTables, logTables } from '../../tables/index.ts'
import { type MadeEvent, type MadeRecord, recordsOf } from './made.ts'

/** A test that a rule's file carries: events in which the rule must find something, or nothing. */
export interface RuleTest {
  /** The id of the rule. */
  rule: string
  title: string
  file: string
  /** From 1 on, in its file. */
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

/** The tests of the rules in a file; those of a filter are about the first rule that it names. */
export function testsIn(file: string): RuleTest[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const { id, name, title, tests, filter } = (document.toJS() ?? {}) as Record<string, unknown>
    const filtered = (filter as { rules?: unknown } | undefined)?.rules
    if (!Array.isArray(tests)) return []
    return tests.map((test: { finds?: unknown; events?: unknown }, at) => ({
      rule: String((Array.isArray(filtered) ? filtered[0] : undefined) ?? id ?? name),
      title: String(title),
      file,
      number: at + 1,
      finds: test.finds === true,
      events: Array.isArray(test.events) ? test.events : [],
    }))
  })
}

/**
 * Runs tests as logs run: their events become files, the files a lake, and detection looks at it once. The lake is in a folder of
 * its own, and removed.
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
