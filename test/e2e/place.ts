import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ended, freshFolder, loglake } from './program.ts'
import { warm } from './warm.ts'

/** A log type of a user. */
export const YAML = `name: visits
doc: One row per visit.
recognise:
  values: {kind: visit}
time: moment
id: {hash: record}
columns:
  - name: moment
    type: timestamptz
    form: epoch-milliseconds
    doc: When it was.
    path: at
  - name: who
    type: string
    doc: Whose it was.
    path: who
  - name: seconds
    type: long
    doc: How long it took.
    path: seconds
`
/** One of its records. */
export const visit = (more: object) => JSON.stringify({ kind: 'visit', at: 1767824203123, ...more })

/** A folder with a configuration, a log type in `logtypes/visits`, and whatever else. */
export class Place {
  readonly folder = freshFolder()

  constructor(files: Record<string, string | Uint8Array> = {}) {
    this.write({ 'loglake.yaml': 'logtypes: ./logtypes\n', 'logtypes/visits/logtype.yaml': YAML, ...files })
  }

  write(files: Record<string, string | Uint8Array>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true })
      writeFileSync(join(this.folder, file), text)
    }
  }

  run(...args: string[]): Promise<Ended> {
    return this.call(args, { cwd: this.folder, env: { LOGLAKE_HASH_KEY: this.key } })
  }

  protected call = loglake

  key = 'a secret of the tests'

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const { code, out, err } = await this.run('query', sql, '--format', 'json')
    if (code !== 0) throw new Error(err)
    return JSON.parse(out) as Record<string, unknown>[]
  }
}

/** A place whose rules do not change: its calls go to a warm program. */
export class WarmPlace extends Place {
  protected override call = warm
}
