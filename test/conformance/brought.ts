import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folder, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { expect } from 'vitest'
import { verify } from '../../src/ledger/verify.ts'
import { ask } from '../../src/query/question.ts'

export type Counts = { stored: number; repeated: number; conflicts: number }
type Objects = Record<string, string | Buffer>

/** A lake in a folder of its own, into which a test brings objects, one run after the other. */
export interface Place {
  root: string
  /**
   * Brings objects in with one run, and says what became of their records.
   *
   * @param meanwhile what another writer brings in, after the run has made its commit ready and before it is there
   */
  bring(objects: Objects, meanwhile?: Objects, window?: { since?: bigint; until?: bigint }): Promise<Counts>
  rows(question: string): Promise<Record<string, unknown>[]>
  expectSound(): Promise<void>
  remove(): void
}

export function freshPlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'repeats-'))
  const lake = openLake(localStorage(join(root, 'lake')), lakeTables)

  async function bring(
    objects: Objects,
    meanwhile?: Objects,
    window: { since?: bigint; until?: bigint } = {},
  ): Promise<Counts> {
    const files = Object.entries(objects).map(([name, bytes]) => {
      const file = join(root, name)
      if (!existsSync(file)) writeFileSync(file, bytes)
      return file
    })
    let waiting = meanwhile
    const overtaken: Lake = {
      ...lake,
      commit: (by, prepare, since) =>
        lake.commit(
          by,
          async (base) => {
            const change = await prepare(base)
            const others = waiting
            waiting = undefined
            if (others) await bring(others)
            return change
          },
          since,
        ),
    }
    const { records, reasons, failures } = await ingest(overtaken, folder(files), { threads: 1, window })
    const { read, stored, repeated, skipped, rejected, conflicts } = records
    expect(
      { read, others: rejected - conflicts, skipped, failures: failures.first },
      JSON.stringify(reasons),
    ).toEqual({
      read: stored + repeated + conflicts + skipped,
      others: 0,
      skipped: 'until' in window ? skipped : 0,
      failures: [],
    })
    return { stored, repeated, conflicts }
  }

  async function rows(question: string): Promise<Record<string, unknown>[]> {
    const answer = await ask(lake, question, {})
    const found: Record<string, unknown>[] = []
    for await (const row of answer.rows())
      found.push(Object.fromEntries(answer.columns.map((column, at) => [column, row[at]])))
    answer.close()
    return found
  }

  async function expectSound(): Promise<void> {
    const { findings } = await verify(lake)
    expect(findings).toEqual([])
  }

  return { root, bring, rows, expectSound, remove: () => rmSync(root, { recursive: true }) }
}
