import { OWN_COLUMNS, type TableColumn, type TableDefinition } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })

/** Verdicts on a digest. Only a `valid` one proves anything. */
const STATES = [
  'valid',
  'missing',
  'invalid-format',
  'moved',
  'unknown-key',
  'bad-signature',
  'unsigned',
  'trailing-bytes',
  'replaced',
] as const

export type DigestState = (typeof STATES)[number]

export const digestTable: TableDefinition = {
  name: 'digest',
  doc: 'One row per CloudTrail digest and verdict on it: the row with the highest `checked` holds.',
  derived: true,
  time: 'end_time',
  sort: ['chain', 'end_time'],
  fold: { by: 'newest', of: ['lake_object'], version: 'checked' },
  columns: [
    string('chain', 'The digests that name one another: place, Region, trail, home Region, kind.'),
    string('place', 'The folder of digests of an account and a Region.'),
    string('account', 'The account whose log files it names.'),
    string('region', 'The Region whose log files it names.'),
    string('trail', 'The name of the trail.'),
    string('home_region', 'The Region that the trail was made in: its keys sign.'),
    string('organization', 'The organisation, of a trail that is one of an organisation.'),
    string('kind', '`standard` or `backfill`.'),
    { name: 'start_time', type: 'timestamptz', doc: 'Begin of the deliveries that it names.' },
    {
      name: 'end_time',
      type: 'timestamptz',
      doc: 'End of these; of a missing one as its name tells.',
      bounds: true,
    },
    string('state', `The verdict: ${STATES.map((state) => `\`${state}\``).join(', ')}.`),
    string('reason', 'Why it is not valid.'),
    { name: 'checked', type: 'long', doc: 'How often a verdict was written: the highest is the newest.' },
    string('sha256', 'SHA-256 of its unzipped bytes, in hex.'),
    string('signature', "AWS's signature in hex, from the object's metadata or from the digest behind it."),
    string('fingerprint', 'The key that signed it: see `digest_key`.'),
    string('previous_object', 'The digest before it, as an object; null where a chain begins.'),
    string('previous_sha256', 'What that one must hash to.'),
    string('previous_signature', 'What its signature must be.'),
    { name: 'log_files', type: 'long', doc: 'How many log files it names.' },
    string('moved_from', 'Where the objects lay that now lie in `moved_to`; null where nothing was copied.'),
    string('moved_to', 'The place that they were copied to.'),
    { name: 'document', type: 'json', doc: 'Its unzipped bytes, as they were signed.' },
    ...OWN_COLUMNS,
  ],
}

export const digestKeyTable: TableDefinition = {
  name: 'digest_key',
  doc: "One row per public key of AWS's that signs digests, as it was first seen.",
  derived: true,
  key: ['fingerprint'],
  columns: [
    string('fingerprint', 'MD5 of the key in PKCS #1, in hex, as AWS names it.'),
    string('value', 'The key, DER in base64.'),
    string('region', 'The Region that gave it.'),
    string('came_from', '`ListPublicKeys`, or the file that it was read from.'),
    { name: 'valid_from', type: 'timestamptz', doc: 'Begin of its use, as AWS says.' },
    { name: 'valid_until', type: 'timestamptz', doc: 'End of its use, as AWS says.' },
    ...OWN_COLUMNS,
  ],
}

export const digestTables: readonly TableDefinition[] = [digestTable, digestKeyTable]
