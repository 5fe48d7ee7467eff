import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  folder,
  ingest,
  lakeTables,
  localStorage,
  openLake,
  openQueryEngine,
  type QueryEngine,
} from 'loglake'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainValue } from '../../src/query/values.ts'
import { publishedQueries } from './athena/published.ts'

/**
 * Questions in the words of Athena and CloudTrail Lake, of our own, asked of the sample logs. What they answered lies beside them
 * and is written where it is missing: read it then.
 */

const root = mkdtempSync(join(tmpdir(), 'athena-'))
let queryEngine: QueryEngine
beforeAll(async () => {
  const lake = openLake(localStorage(join(root, 'lake')), lakeTables)
  const samples = fileURLToPath(new URL('../../samples/logs/AWSLogs', import.meta.url))
  await ingest(lake, folder([samples]), { threads: 1 })
  queryEngine = await openQueryEngine(lake)
}, 120_000)
afterAll(() => {
  queryEngine.close()
  rmSync(root, { recursive: true, force: true })
})

async function rows(question: string) {
  const answer = await queryEngine.ask(question)
  const found = []
  for await (const row of answer.rows())
    found.push(Object.fromEntries(answer.columns.map((name, at) => [name, plainValue(row[at] ?? null)])))
  answer.close()
  return found
}

describe.each([
  ['athena', 70],
  ['lake', 17],
])('%s', (name, number) => {
  const questions = readFileSync(new URL(`./athena/${name}.sql`, import.meta.url), 'utf8')
    .trim()
    .split(/;\n|;$/)
    .filter((text) => text !== '')
  const place = new URL(`./athena/${name}.rows.json`, import.meta.url)
  const expected: Record<string, unknown> = existsSync(place) ? JSON.parse(readFileSync(place, 'utf8')) : {}

  test(`there are ${number}, as the documentation says`, () => {
    expect(questions.length).toBe(number)
    const doc = readFileSync(new URL('../../docs/queries-from-athena.md', import.meta.url), 'utf8')
    expect(doc).toMatch(new RegExp(`\\b${number} (?:queries of our own in Athena's|in CloudTrail Lake's)`))
  })

  test.each(questions)('%s', async (question) => {
    const found = await rows(question)
    expected[question] ??= found
    expect(found).toEqual(expected[question])
  })

  afterAll(() => {
    if (!existsSync(place)) writeFileSync(place, `${JSON.stringify(expected, null, 1)}\n`)
  })
})

test('what the view of Athena answers is what the table holds', async () => {
  const [view] = await rows(
    "SELECT count(*) AS n, count(useridentity.arn) AS arns, count_if(readonly = 'true') AS reads, min(eventtime) AS first, sum(cardinality(resources)) AS touched FROM athena.cloudtrail_logs",
  )
  const [table] = await rows(
    "select count(*) as n, count(useridentity_arn) as arns, count_if(readonly) as reads, strftime(min(eventtime), '%Y-%m-%dT%H:%M:%SZ') as first, sum(json_array_length(resources)) as touched from cloudtrail",
  )
  expect(view).toEqual(table)
})

/** A clone of https://github.com/aws-samples/cloud-trail-lake-query-samples. */
const samples = process.env.LAKE_QUERY_SAMPLES

test.skipIf(samples === undefined)(
  'of 72 samples of AWS, the 57 that ask CloudTrail and are sound as published run',
  async () => {
    const files = readdirSync(samples ?? '').filter((name) => name.endsWith('.sql'))
    const ran: string[] = []
    for (const file of files) {
      const question = readFileSync(join(samples ?? '', file), 'utf8')
        .replace(
          /<\s*event[ _-]data[ _-]store[ _-]id\s*>|<EDS[ _]ID>|\$EDS_ID|config_event_data_store_ID/gi,
          'cloudtrail_lake',
        )
        .replace(/\$\{date_filter\}/g, '2026-01-07 00:00:00')
      await rows(question).then(
        () => ran.push(file),
        () => undefined,
      )
    }
    expect({ all: files.length, ran: ran.length }).toEqual({ all: 72, ran: 57 })
  },
)

/** A folder with clones of the repositories that `athena/published.ts` names. */
const published = process.env.ATHENA_QUERY_SAMPLES

test.skipIf(published === undefined)(
  'of the queries that are published for the table of the Athena guide, those run that are sound for it',
  async () => {
    const queries = publishedQueries(published ?? '')
    const failed: string[] = []
    for (const query of queries)
      await rows(query).catch((thrown) => failed.push(`${String(thrown.message).split('\n')[0]}`))
    // Fields of what that table has as text; and an AND without a WHERE.
    const unsound = failed.filter((why) =>
      /Cannot extract field '\w+' from expression "(requestparameters|additionaleventdata)"|syntax error at or near "and"/.test(
        why,
      ),
    )
    expect({ all: queries.length, ran: queries.length - failed.length, unsound: unsound.length }).toEqual({
      all: 97,
      ran: 82,
      unsound: 15,
    })
  },
)
