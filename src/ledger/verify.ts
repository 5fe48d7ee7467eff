import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogHash, catalogKey } from '../lake/catalog.ts'
import type { Lake } from '../lake/lake.ts'
import { verifyCatalog } from '../lake/verify/catalog.ts'
import type { Finding } from '../lake/verify/findings.ts'
import { type Counted, verifyTable } from '../lake/verify/tables.ts'
import type { LakeVersion } from '../lake/version.ts'
import { type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { ownTables } from './tables.ts'
import { verifyLedger } from './verify/ledger.ts'
import { type ObjectsChecked, type ReadAgain, verifyObjects } from './verify/objects.ts'

export type { Finding } from '../lake/verify/findings.ts'
export type { ObjectsChecked, ReadAgain } from './verify/objects.ts'

export interface VerifyOptions {
  /** Reads an object at its source; when given, every object is read again and its hash compared. */
  objects?: ReadAgain
  limits?: EngineLimits
  onProgress?(progress: { what: string; done: number; all?: number }): void
}

export interface Verified {
  version: number
  /**
   * SHA-256 of the version's file. Kept in another place, it shows later whether anything below it was
   * rewritten.
   */
  sha256: string
  checked: { tables: number; files: number; rows: number; bytes: number; objects: number }
  /** Counts of the objects that were read again. */
  objects?: ObjectsChecked
  findings: Finding[]
}

/**
 * Re-reads the newest version of a lake, and checks that it adds up: every file is as it was committed, no
 * row is there twice, and the ledger accounts for every row. Changes nothing.
 */
export async function verify(lake: Lake, options: VerifyOptions = {}): Promise<Verified> {
  const version = await lake.newest()
  const checked = { tables: 0, files: 0, rows: 0, bytes: 0, objects: 0 }
  let objects: ObjectsChecked | undefined
  const findings: Finding[] = await verifyCatalog(lake.storage, version)
  const spill = join(tmpdir(), `loglake-spill-${randomUUID()}`)
  const engine = await openEngine({ memory: '1GiB', spill, ...options.limits })
  try {
    const counted = new Map<string, Counted>()
    for (const definition of lake.tables.values()) {
      const { name } = definition
      const table = await verifyTable(engine, lake.storage, version, definition, {
        // Kept to compare the other tables with; these tables are small.
        isKept: ownTables.some((own) => own.name === name),
        onFile: (done, all) => options.onProgress?.({ what: `${name}: file`, done, all }),
      })
      if (!table) continue
      counted.set(name, table)
      checked.tables++
      for (const part of ['files', 'rows', 'bytes'] as const) checked[part] += table[part]
      findings.push(...table.findings)
    }
    for (const name of Object.keys(version.catalog.tables)) {
      if (lake.tables.has(name)) continue
      counted.set(name, UNKNOWN)
      findings.push(unknownTable(name, version))
    }
    findings.push(...(await verifyLedger(engine, lake, counted)))
    const ledger = counted.get('ledger')
    if (options.objects && ledger?.source) {
      const all = ledger.rows
      const result = await verifyObjects(engine, ledger.source, options.objects, (done) =>
        options.onProgress?.({ what: 'object', done, all }),
      )
      objects = result.checked
      checked.objects = Object.values(result.checked).reduce((sum, count) => sum + count, 0)
      findings.push(...result.findings)
    }
  } finally {
    engine.close()
  }
  const sha256 = catalogHash(version.catalog)
  return { version: version.number, sha256, checked, ...(objects ? { objects } : {}), findings }
}

/** Stands for the table of a log type that this program does not have, whose rows cannot be checked. */
const UNKNOWN: Counted = { sound: false, rows: 0, files: 0, bytes: 0, source: '', findings: [] }

function unknownTable(table: string, { number }: LakeVersion): Finding {
  return {
    severity: 'warning',
    code: 'unknown-table',
    table,
    file: catalogKey(number),
    message: 'no log type of that name is known here, so its rows were not read',
    remedy: 'name the folder of your log types in loglake.yaml, as `logtypes: ./logtypes`',
  }
}
