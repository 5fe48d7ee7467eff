import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { LogType } from '../../src/logtypes/contract.ts'
import type { PlainRow } from '../../src/logtypes/rebuild.ts'
import type { Reject } from './stored.ts'

/** Rows as they are written down: what is not null, times as text, order by time and id. */
export function writtenRows(rows: readonly PlainRow[], { columns, id, time }: LogType): object[] {
  const times = new Set(columns.filter(({ type }) => type === 'timestamptz').map(({ name }) => name))
  const key = (row: PlainRow) =>
    `${String(row[time]).padStart(20, '0')} ${row[id]} ${JSON.stringify(plain(row))}`
  return rows
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
    .map((row) => {
      const written = Object.entries(plain(row)).filter(
        ([name, value]) => value !== null && name !== 'lake_object',
      )
      return Object.fromEntries(
        written.map(([name, value]) => [name, times.has(name) ? timeText(BigInt(value as string)) : value]),
      )
    })
}

function plain(row: PlainRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? String(value) : short(value),
    ]),
  )
}

function timeText(micros: bigint): string {
  const millis = new Date(Number(micros / 1000n)).toISOString().slice(0, -1)
  return `${millis}${String(micros % 1000n).padStart(3, '0')}Z`
}

/** A long text is written down as its length and hash. */
function short(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= 5000) return value
  const sha256 = createHash('sha256').update(value).digest('hex')
  return { length: value.length, sha256 }
}

export function writtenRejects(rejects: readonly Reject[]): object[] {
  return rejects.map(({ bytes, ...reject }) => ({
    ...reject,
    // A conflict names the other object, which lies in a folder of its own each time.
    reason: reject.reason.replace(/\S*\/fixtures-\w+\//, ''),
    bytes: bytes.length,
    begins: Buffer.from(bytes.subarray(0, 48)).toString('latin1'),
  }))
}

/**
 * What an expectation file says. One that is missing is written, but not where nobody would see it: in CI that is a
 * failure. `UPDATE_FIXTURES=1` writes all anew; `[]` needs no file.
 */
export function expectation(file: string, found: unknown): unknown {
  const { CI, UPDATE_FIXTURES } = process.env
  const isNothing = Array.isArray(found) && found.length === 0
  const update = UPDATE_FIXTURES === '1' && CI !== 'true'
  if (update && isNothing) rmSync(file, { force: true })
  if (existsSync(file) && !update) return JSON.parse(readFileSync(file, 'utf8'))
  if (isNothing) return []
  if (CI === 'true')
    throw new Error(`${file} is missing: run the test without CI=true and look at what it writes`)
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
  return JSON.parse(JSON.stringify(found))
}
