import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import type { Lake } from '../lake.ts'
import { ownTables } from '../own-tables.ts'
import { type Finding, INGEST_AGAIN } from './findings.ts'
import type { Counted } from './tables.ts'

const url = (name: string) => new URL(`./${name}`, import.meta.url)

/** Whether the ledger, the rejects and the tables tell the same story. */
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
    for (const name of new Set([...lake.tables.keys(), ...stored.keys()])) {
      const table = counted.get(name)
      if (own.has(name) || (table && !table.sound)) continue
      const said = stored.get(name) ?? 0
      const rows = table?.rows ?? 0
      if (said !== rows)
        findings.push(report(name, name, `the table has ${rows} rows, its ledger says ${said}`))
    }
  }
  const rejects = counted.get('reject')
  if (!ledger.sound || rejects?.sound === false) return findings
  const odd = await engine.objects(
    sql(url('ledger.sql'), {
      ledger: ledger.source,
      rejects: rejects?.source ?? NO_REJECTS,
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

const NO_REJECTS = '(select null::varchar as lake_object, null::varchar as object_version where false)'
