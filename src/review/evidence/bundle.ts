import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EvidenceRow } from '../digest.ts'
import { stepHash } from '../state.ts'
import type { BundleContent } from './content.ts'
import { type SigningKey, signed } from './dsse.ts'
import { decisionPage } from './page.ts'
import { zipOf } from './zip.ts'

export const PREDICATE_TYPE = 'https://loglake.dev/attestation/review/v1'
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'

/** Names in the archive. */
export const STATEMENT = 'statement.json'
export const ENVELOPE = 'statement.dsse.json'
export const KEY = 'key.pem'
export const DECISION = 'decision.json'

/**
 * The evidence of a decision as one archive: every file's SHA-256 is a subject of an in-toto statement, which
 * is signed in a DSSE envelope. Sources: in-toto Attestation Framework v1; DSSE v1.
 */
export function bundleOf(content: BundleContent, key: SigningKey): Buffer {
  const files = new Map<string, Buffer>()
  const add = (name: string, text: string) => files.set(name, Buffer.from(text))
  const decision = {
    review: content.review,
    steps: content.steps.map((step) => ({ ...step, sha256: stepHash(step) })),
    rows: { are: content.rowsAre, ...content.digest },
    complete: content.complete,
    exported: content.exported,
    ...(content.question ? { question: content.question } : {}),
  }
  add(DECISION, `${JSON.stringify(decision, null, 2)}\n`)
  add('decision.html', decisionPage(content))
  if (content.rowsAre !== 'left out')
    for (const [table, rows] of byTable(content.rows))
      add(`rows/${table}.ndjson`, rows.map(({ json }) => `${json}\n`).join(''))
  add('objects.json', `${JSON.stringify(content.objects, null, 2)}\n`)
  add('access.json', `${JSON.stringify(content.access, null, 2)}\n`)
  for (const [name, bytes] of content.proof ?? []) files.set(name, bytes)
  add(KEY, key.publicPem)
  add('verify.py', readFileSync(new URL('./verify.py', import.meta.url), 'utf8'))
  add(
    'VERIFY.md',
    readFileSync(new URL('./VERIFY.md', import.meta.url), 'utf8').replaceAll('{{key}}', key.id),
  )
  const statement = Buffer.from(
    JSON.stringify({
      _type: STATEMENT_TYPE,
      subject: [...files.keys()].sort().map((name) => ({
        name,
        digest: { sha256: sha256(files.get(name) as Buffer) },
      })),
      predicateType: PREDICATE_TYPE,
      predicate: decision,
    }),
  )
  files.set(STATEMENT, statement)
  add(ENVELOPE, `${JSON.stringify(signed(statement, key), null, 2)}\n`)
  return zipOf(files)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function byTable(rows: readonly EvidenceRow[]): Map<string, EvidenceRow[]> {
  const found = new Map<string, EvidenceRow[]>()
  for (const row of rows) {
    const own = found.get(row.table)
    if (own) own.push(row)
    else found.set(row.table, [row])
  }
  return found
}
