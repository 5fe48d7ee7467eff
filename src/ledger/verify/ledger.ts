import type { Lake } from '../../lake/lake.ts'
import { type Finding, INGEST_AGAIN } from '../../lake/verify/findings.ts'
import type { Counted } from '../../lake/verify/tables.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { counted as amount } from '../../lib/terminal.ts'
import { ownTables } from '../tables.ts'

const url = (name: string) => new URL(`./${name}`, import.meta.url)

/** Checks that the ledger, the rejects and the tables agree with each other. */
export async function verifyLedger(
  engine: Engine,
  lake: Lake,
  counted: ReadonlyMap<string, Counted>,
): Promise<Finding[]> {
  const ledger = counted.get('ledger')
  if (!ledger) return []
  const report = (table: string, file: string, message: string): Finding => ({
    severity: 'wrong',
    code: 'ledger-differs',
    table,
    file,
    message,
    remedy: INGEST_AGAIN.replace(/^if there is no backup, /, ''),
  })
  const findings: Finding[] = []
  if (ledger.sound) {
    const stored = new Map(
      (await engine.rows(sql(url('stored.sql'), { ledger: ledger.source }))).map(([logtype, count]) => [
        String(logtype),
        Number(count),
      ]),
    )
    const own = new Set(ownTables.map(({ name }) => name))
    const delivered = [...lake.tables.values()].filter(({ name, derived }) => !own.has(name) && !derived)
    const names = delivered.map(({ name }) => name)
    for (const group of together(names, [...stored.keys()])) {
      if (group.some((name) => counted.get(name)?.sound === false)) continue
      const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
      const said = sum([...stored].map(([types, count]) => (group.includes(first(types)) ? count : 0)))
      const rows = sum(group.map((name) => counted.get(name)?.rows ?? 0))
      const tables = group.join(', ')
      const has = group.length === 1 ? 'the table has' : 'the tables have'
      if (said !== rows)
        findings.push(report(tables, tables, `${has} ${amount(rows, 'row')}, the ledger says ${said}`))
    }
  }
  const rejects = counted.get('reject')
  if (!ledger.sound || rejects?.sound === false) return findings
  const odd = await engine.objects(
    sql(url('ledger.sql'), {
      ledger: ledger.source,
      rejects: `(select * from ${rejects?.source ?? NO_REJECTS} union all by name ${ONE_RECORD_EACH})`,
    }),
  )
  for (const row of odd) {
    const number = (name: string) => Number(row[`records_${name}`] ?? 0)
    const parts = ['stored', 'repeated', 'skipped', 'rejected'] as const
    const sum = parts.reduce((total, part) => total + number(part), 0)
    const message =
      number('read') === sum
        ? `${number('rejected')} records were rejected, ${Number(row.rejects)} are kept`
        : `${number('read')} records were read, but ${parts.map((part) => `${number(part)} ${part}`).join(' + ')} is ${sum}`
    findings.push(report('ledger', String(row.lake_object), message))
  }
  return findings
}

/** Rows older than this column stand for one record each. */
const ONE_RECORD_EACH = 'select null::bigint as records where false'
const NO_REJECTS = '(select null::varchar as lake_object, null::varchar as object_version where false)'

/** Groups log types that share objects: the ledger counts an object's records once for all its log types. */
function together(names: readonly string[], labels: readonly string[]): string[][] {
  const groups = new Map<string, Set<string>>(names.map((name) => [name, new Set([name])]))
  for (const types of labels.map((label) => label.split(', '))) {
    const joined = new Set(types.flatMap((type) => [...(groups.get(type) ?? [type])]))
    for (const name of joined) groups.set(name, joined)
  }
  return [...new Set(groups.values())].map((group) => [...group])
}

function first(types: string): string {
  return types.split(', ')[0] as string
}
