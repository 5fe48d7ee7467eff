import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  catchUp,
  folder,
  followers,
  followerTables,
  ingest,
  lakeTables,
  localStorage,
  openLake,
} from 'loglake'
import { afterAll, describe, expect, it } from 'vitest'
import { followerViews } from '../../src/followers/index.ts'
import { ask } from '../../src/query/question.ts'

/** Real attacks and a real day, which are not part of the project: see ../shared/data/README.md where they are there. */
const DATA = resolve(process.env.LOGLAKE_TEST_DATA ?? '../shared/data', 'cloudtrail')
const isThere = existsSync(DATA)
if (!isThere) console.warn(`detection is not tried on real logs: there is no ${DATA}`)

const limits = { threads: 1, memory: '512MiB' }

describe.skipIf(!isThere)('findings in real logs', { timeout: 600_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'loglake-findings-'))
  afterAll(() => rmSync(root, { recursive: true }))

  async function detected(set: string) {
    const lake = openLake(localStorage(join(root, set)), [...lakeTables, ...followerTables])
    await ingest(lake, folder([join(DATA, set)]), limits)
    const detect = followers.find(({ name }) => name === 'detect')
    if (!detect) throw new Error('there is no follower detect')
    await catchUp(lake, detect, { limits })
    return async (question: string) => {
      const answer = await ask(lake, question, { views: followerViews(), limits })
      try {
        const rows: string[][] = []
        for await (const row of answer.rows()) rows.push(row.map(String))
        return rows
      } finally {
        answer.close()
      }
    }
  }

  const PROOF = `proof as (
    select rule, title, severity, licence, unnest(from_json(evidence, '[{"id": "VARCHAR"}]')).id as eventid
    from finding
  )`

  it('at least 32 of the 35 techniques of Stratus Red Team are found by our own rules', async () => {
    const query = await detected('stratus')
    const rows = await query(`with ${PROOF},
      technique as (select distinct regexp_extract(lake_object, '([^/]+)[.]json', 1) as technique from cloudtrail)
      select technique, coalesce(string_agg(distinct severity || ': ' || title, '; ') filter (where licence = 'Apache-2.0'), '-'),
        coalesce(string_agg(distinct title, '; ') filter (where licence <> 'Apache-2.0'), '-')
      from technique
      left join (
        select regexp_extract(lake_object, '([^/]+)[.]json', 1) as technique, proof.*
        from proof join cloudtrail using (eventid)
      ) using (technique)
      group by technique order by technique`)
    console.log(
      rows
        .map(([technique, own, others]) => `${technique}\n    ours: ${own}\n    SigmaHQ: ${others}`)
        .join('\n'),
    )
    expect(rows).toHaveLength(35)
    expect(rows.filter(([, own]) => own !== '-').length).toBeGreaterThanOrEqual(32)
  })

  it('at most 1 % of the events of a day are proof of findings of medium or higher, by all rules that are on', async () => {
    const query = await detected('invictus')
    const table = await query(`with ${PROOF}
      select title, severity, licence, count(*) as findings, count(distinct eventid) as events
      from proof group by all order by licence, severity, title`)
    console.log(table.map((row) => row.join(' | ')).join('\n'))
    const [[all = '0'] = [], [own = '0', both = '0'] = []] = await Promise.all([
      query('select count(*) from cloudtrail'),
      query(`with ${PROOF} select count(distinct eventid) filter (where licence = 'Apache-2.0'), count(distinct eventid)
        from proof where severity in ('medium', 'high', 'critical')`),
    ]).then(([[count], [flagged]]) => [count, flagged])
    console.log(
      `${own} of ${all} events are flagged by our rules of medium or higher, ${both} with those of SigmaHQ`,
    )
    expect(Number(all)).toBe(2900)
    expect(Number(own)).toBeGreaterThan(0)
    expect(Number(both) / Number(all)).toBeLessThanOrEqual(0.01)
  })
})
