import { setTimeout as timer } from 'node:timers'
import { identifier, sql } from '../../lib/sql.ts'
import type { Candidate, Detector, Matched, NewRows, Rule } from '../contract.ts'
import { type Compiled, compileRule } from './compile.ts'
import type { CorrelationRule, DetectionRule, SigmaRule } from './contract.ts'
import { baseRules, correlate, isCorrelation, neededColumns, openCorrelations } from './correlate.ts'
import { about, type Hits, matchedBy, OWN, rulesWithHits, scan, TIME } from './scan.ts'
import type { SigmaTable } from './tables.ts'

/** Candidate rows per fetch. */
const PAGE = 2000
/** Time that a scan of all rules of a table may take before each rule is run alone to find the slow one. */
const SCAN_MS = 300_000

export interface DetectorOptions {
  tables: readonly SigmaTable[]
  /** Milliseconds that one statement may take. */
  limitMs?: number
}

/** Looks for matches of Sigma rules; rules that are off are skipped. */
export function sigmaDetector(
  rules: readonly SigmaRule[],
  { tables, limitMs = SCAN_MS }: DetectorOptions,
): Detector {
  const active = rules.filter(({ off }) => off === undefined)
  const correlations = active.filter(isCorrelation).filter(({ reports }) => reports)
  const bases = new Set(correlations.flatMap(baseRules))
  const wanted = new Set([...active.filter((rule) => rule.kind === 'detection' && rule.reports), ...bases])
  const byTable = tables.flatMap((table): Watched[] => {
    const compiled = [...wanted]
      .filter((rule): rule is DetectionRule => rule.kind === 'detection' && rule.table === table.name)
      .map((rule) => compileRule(rule, table))
    return compiled.length === 0 ? [] : [{ table, compiled, columns: neededColumns(correlations, table) }]
  })
  return {
    name: 'sigma',
    doc: 'Looks for what Sigma rules describe.',
    rules: active,
    needs: byTable.map(({ table }) => table.name),
    find: (rows) => find(rows, byTable, correlations, limitMs),
  }
}

interface Watched {
  table: SigmaTable
  compiled: readonly Compiled[]
  columns: ReadonlySet<string>
}

async function* find(
  rows: NewRows,
  byTable: readonly Watched[],
  correlations: readonly CorrelationRule[],
  limitMs: number,
): AsyncIterable<Candidate> {
  await rows.engine.run(sql(new URL('./sql/macros.sql', import.meta.url)))
  try {
    yield* found(rows, byTable, correlations, limitMs)
  } finally {
    // Free the memory of the hits.
    for (const { table } of byTable)
      for (const name of [`sigma_new_${table.name}`, `sigma_old_${table.name}`])
        await rows.engine.run(`drop table if exists ${identifier(name)}`)
    await rows.engine.run('drop table if exists sigma_burst')
  }
}

async function* found(
  rows: NewRows,
  byTable: readonly Watched[],
  correlations: readonly CorrelationRule[],
  limitMs: number,
): AsyncIterable<Candidate> {
  const hits = new Map<string, Hits>()
  for (const watched of byTable) {
    const added = rows.added.get(watched.table.name)
    if (added === undefined) continue
    const into = `sigma_new_${watched.table.name}`
    const own = await scanned(rows, watched, added, into, limitMs)
    hits.set(watched.table.name, own)
    const hit = await rulesWithHits(rows.engine, own)
    for (const [at, compiled] of own.rules.entries())
      if (hit(at) && compiled.rule.reports && compiled.rule.off === undefined)
        yield* candidates(rows, own, compiled, at)
  }
  const open = await openCorrelations(rows, byTable, correlations, hits, (watched, item, into) =>
    scanned(rows, watched, item, into, limitMs),
  )
  for (const rule of correlations) {
    const bursts = await trying(rows, rule, limitMs, () => correlate(rows.engine, rule, open))
    if (bursts) yield* bursts
  }
}

/** Scans with all rules; when that fails, without the rules that fail alone. */
async function scanned(
  rows: NewRows,
  { table, compiled, columns }: Watched,
  item: string,
  into: string,
  limitMs: number,
): Promise<Hits> {
  const attempt = (rules: readonly Compiled[]) =>
    limited(rows, limitMs, () => scan({ engine: rows.engine, table, rules, rows: item, into, columns }))
  try {
    return await attempt(compiled)
  } catch (thrown) {
    if (rows.signal.aborted) throw thrown
    const sound: Compiled[] = []
    for (const one of compiled) {
      const alone = await trying(rows, one.rule, limitMs, () => attempt([one]))
      if (alone) sound.push(one)
    }
    if (sound.length === compiled.length) throw thrown
    return await attempt(sound)
  }
}

async function trying<Result>(
  rows: NewRows,
  rule: Rule,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await limited(rows, limitMs, work)
  } catch (thrown) {
    if (rows.signal.aborted) throw thrown
    rows.failed(rule, thrown)
    return undefined
  }
}

/** Cancels the running statement when its time is over, or when the turn is cancelled. */
async function limited<Result>(
  { engine, signal }: NewRows,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const interrupt = () => engine.connection.interrupt()
  const running = timer(interrupt, limitMs)
  signal.addEventListener('abort', interrupt)
  try {
    return await work()
  } finally {
    clearTimeout(running)
    signal.removeEventListener('abort', interrupt)
  }
}

async function* candidates(
  { engine }: NewRows,
  { table, name }: Hits,
  { rule, clues }: Compiled,
  at: number,
): AsyncIterable<Candidate> {
  const shown = clues.flatMap(({ condition, value }) => [`coalesce(${condition}, false)`, value])
  const columns = [...OWN, `strftime(sigma_time, '${TIME}')`, 'rowid', ...shown]
  let last = -1n
  for (;;) {
    const page = await engine.rows(
      `select ${columns.join(', ')} from ${identifier(name)}
       where rowid > ${last} and ${matchedBy(at)} order by rowid limit ${PAGE}`,
    )
    for (const row of page) {
      const [id, actor, account, region, resource, time, rowid, ...facts] = row
      last = rowid as bigint
      const matched = clues.flatMap(({ field, column }, clue): Matched[] => {
        if (facts[2 * clue] !== true) return []
        const value = facts[2 * clue + 1]
        return [
          {
            field,
            ...(column === undefined ? {} : { column }),
            ...(typeof value === 'string' ? { value } : {}),
          },
        ]
      })
      yield {
        rule,
        time: textIn(time),
        table: table.name,
        rows: [{ table: table.name, id: textIn(id), time: textIn(time) }],
        count: 1,
        key: `${table.name} ${textIn(time)} ${textIn(id)}`,
        ...about({ actor, account, region, resource }),
        matched,
      }
    }
    if (page.length < PAGE) return
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
