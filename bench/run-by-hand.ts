/** A child: the same corpus by DuckDB alone, with the best statement that we could write by hand. */
import { logTypes } from 'loglake'
import { quoted, runByHand } from './by-hand.ts'
import { report } from './measure.ts'

const TYPES: Record<string, string> = { json: 'JSON', time: 'TIMESTAMP' }

type Shape = { [field: string]: string | Shape }

const [corpus = '', target = '', threads = '0'] = process.argv.slice(2)
const { shape } = logTypes.find(({ name }) => name === 'cloudtrail') as unknown as { shape: Shape }
const identity = shape.userIdentity as Shape
const keys = (fields: Shape) => Object.keys(fields).map(quoted).join(', ')
const structure = (fields: Shape): Shape =>
  Object.fromEntries(
    Object.entries(fields).map(([field, kind]) => [
      field,
      typeof kind === 'object' ? structure(kind) : (TYPES[kind] ?? 'VARCHAR'),
    ]),
  )
const parts: Record<string, string> = {
  structure: quoted(JSON.stringify(structure(shape))),
  known: keys(shape),
  identity: keys(identity),
  session: keys(identity.sessionContext as Shape),
  tls: keys(shape.tlsDetails as Shape),
}
const { bytes, seconds, since } = await runByHand('ingest', { corpus, target, threads }, parts)
report({ bytes }, seconds, since)
