import type { Lake } from '../lake/lake.ts'
import { withLocalFiles } from '../lake/local-files.ts'
import { readParquet } from '../lake/parquet.ts'
import type { Finding } from '../lake/verify/findings.ts'
import { type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { sql as sqlOf } from '../lib/sql.ts'
import { asItIs, hashedConditionOf, isErasable } from './selector.ts'
import { erasureTable } from './tables.ts'

/** Erased data that has come back: through another object with the same records, or a new record. */
export async function cameBack(lake: Lake, limits?: EngineLimits): Promise<Finding[]> {
  const version = await lake.newest()
  const own = await version.table(erasureTable.name)
  if (!own) return []
  const engine = await openEngine({ threads: 1, ...limits })
  const { storage } = lake
  const findings: Finding[] = []
  try {
    const erasures = await withLocalFiles(storage, own, await own.files(), (locals) =>
      engine.objects(
        sqlOf(new URL('./sql/erasures.sql', import.meta.url), {
          rows: readParquet(locals, own.schema, erasureTable),
        }),
      ),
    )
    for (const definition of lake.tables.values()) {
      const table = await version.table(definition.name)
      if (!table || !isErasable(definition)) continue
      const conditions = erasures.flatMap(({ id, kind, value_sha256 }) => {
        const sql =
          value_sha256 === null
            ? undefined
            : hashedConditionOf(asItIs(definition, table), String(kind), String(value_sha256))
        return sql === undefined ? [] : [{ id: String(id), sql }]
      })
      const files = await table.files()
      if (conditions.length === 0 || files.length === 0) continue
      const counts = conditions.map(({ sql }, at) => `count(*) filter (${sql})::double as n${at}`).join(', ')
      const [row] = await withLocalFiles(storage, table, files, (paths) =>
        engine.objects(`select ${counts} from ${readParquet(paths, table.schema, definition)}`),
      )
      for (const [at, { id }] of conditions.entries()) {
        const count = Number(row?.[`n${at}`] ?? 0)
        if (count === 0) continue
        findings.push({
          severity: 'warning',
          code: 'erased-again',
          table: definition.name,
          file: `erasure ${id}`,
          message: `${count} rows are there of what was erased: a hold kept them, or they came in since`,
          remedy:
            '`loglake erase` again, with the same value; `loglake query` on the table erasure has the reason',
        })
      }
    }
  } finally {
    engine.close()
  }
  return findings
}
