import { createHash } from 'node:crypto'
import { DuckDBListValue } from '@duckdb/node-api'
import type { Engine } from '../../lib/duckdb.ts'
import { sentence } from '../../lib/errors.ts'
import { sql } from '../../lib/sql.ts'
import type { Finding } from './findings.ts'

/** An object's bytes, wherever it lies; undefined when it is there no more. */
export type ReadObject = (uri: string) => Promise<AsyncIterable<Uint8Array> | undefined>

/** Re-reads every object of the ledger and compares its hash: what proves that a row is what AWS delivered. */
export async function verifyObjects(
  engine: Engine,
  ledger: string,
  read: ReadObject,
  onProgress: (done: number) => void,
): Promise<{ objects: number; findings: Finding[] }> {
  const findings: Finding[] = []
  const report = (
    severity: Finding['severity'],
    code: string,
    file: string,
    message: string,
    remedy: string,
  ) => findings.push({ severity, code, table: 'ledger', file, message, remedy })
  const result = await engine.stream(sql(new URL('./objects.sql', import.meta.url), { ledger }))
  let objects = 0
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [uri, hashes] of chunk.getRows()) {
      const name = String(uri)
      onProgress(++objects)
      try {
        const hash = await hashOf(name, read)
        if (hash === undefined)
          report('warning', 'object-gone', name, 'gone: its rows can be proved no more', 'restore the object')
        else if (!(hashes instanceof DuckDBListValue && hashes.items.includes(hash)))
          report(
            'wrong',
            'object-changed',
            name,
            'changed since it was read: its bytes have another SHA-256',
            'restore the object as it was; if it was changed on purpose, `loglake ingest` reads it again',
          )
      } catch (thrown) {
        report(
          'warning',
          'object-unreadable',
          name,
          `cannot be read: ${sentence(thrown)}`,
          'see the cause above',
        )
      }
    }
  }
  return { objects, findings }
}

async function hashOf(uri: string, read: ReadObject): Promise<string | undefined> {
  const bytes = await read(uri)
  if (!bytes) return undefined
  const hash = createHash('sha256')
  for await (const part of bytes) hash.update(part)
  return hash.digest('hex')
}
