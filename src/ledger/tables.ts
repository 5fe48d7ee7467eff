import { OWN_COLUMNS, type TableDefinition } from '../lake/table.ts'

/** The ledger: one row per object. An object is in the lake once the commit with its row is. */
export const ledger: TableDefinition = {
  name: 'ledger',
  // An object that is read again under another limit gets a new row in place of the old one.
  overwritten: true,
  doc: 'One row per object: what became of it. read = stored + repeated + skipped + rejected.',
  key: ['lake_object', 'version'],
  // Objects are looked up by name: another version may have the same bytes.
  filter: ['lake_object'],
  keys: [{ column: 'lake_object', is: 'object' }],
  columns: [
    {
      name: 'version',
      type: 'string',
      doc: "The object's version: an S3 ETag or version id, a local file's size and time.",
    },
    { name: 'bytes', type: 'long', doc: 'Size of the object as delivered.' },
    {
      name: 'sha256',
      type: 'string',
      doc: 'SHA-256 of the object as delivered, in hex; null when it was left out.',
    },
    { name: 'source', type: 'string', doc: 'The source that it came from.' },
    { name: 'envelope', type: 'string', doc: 'How its records were wrapped.' },
    {
      name: 'logtype',
      type: 'string',
      doc: 'The log types of its records, with commas; null when it holds none.',
    },
    {
      name: 'outcome',
      type: 'string',
      doc: '`stored`, `skipped`, `rejected`, or `left-out` by a filter of its source; stored when at least one record was good.',
    },
    {
      name: 'reason',
      type: 'string',
      doc: 'Why it was skipped or rejected, as a whole or in part, or by what it was left out.',
    },
    { name: 'records_read', type: 'long', doc: 'Records found in it.' },
    { name: 'records_stored', type: 'long', doc: 'Records that became rows.' },
    {
      name: 'records_repeated',
      type: 'long',
      doc: 'Records that the lake already had to the same content, from another object or twice in this one.',
    },
    {
      name: 'records_skipped',
      type: 'long',
      doc: 'Records left out by a limit on event time, or with nothing to store.',
    },
    { name: 'records_rejected', type: 'long', doc: 'Records that could not be read; see the table reject.' },
    { name: 'expanded_bytes', type: 'long', doc: 'Size of the object once unzipped.' },
    { name: 'first_time', type: 'timestamptz', doc: 'Time of its earliest stored record.' },
    { name: 'last_time', type: 'timestamptz', doc: 'Time of its latest stored record.' },
    { name: 'since', type: 'timestamptz', doc: 'The limit on event time it was read under; null for none.' },
    { name: 'until', type: 'timestamptz', doc: 'The other limit, exclusive; null for none.' },
    {
      name: 'records_conflicting',
      type: 'long',
      doc: 'Of the rejected ones, those with the id and time of another record and other content; null in what was read before there was this column.',
    },
    {
      name: 'records_unknown',
      type: 'long',
      doc: 'Of the rejected ones, those that no log type knew; with other log types the object is read again.',
    },
    { name: 'known_types', type: 'string', doc: 'Names the set of log types that it was read with.' },
    ...OWN_COLUMNS,
    {
      name: 'expanded_sha256',
      type: 'string',
      doc: "SHA-256 of a CloudTrail log file once unzipped, in hex: what CloudTrail's digests name; null for others, and in what was read before there was this column.",
    },
    {
      name: 'trailing_bytes',
      type: 'long',
      doc: 'Bytes behind the first gzip member of a CloudTrail log file; null where `expanded_sha256` is, and where it came in anything but gzip.',
    },
    {
      name: 'records_erased',
      type: 'long',
      doc: 'Of the stored records, those that an erasure or retention has removed since; null for none.',
    },
  ],
}

/** Records and whole objects that could not be read, with their bytes, their location and the reason. */
export const reject: TableDefinition = {
  name: 'reject',
  doc: 'One row per record that could not be stored, with its bytes, its place and the reason; beyond 1,000 of one object, one row per code.',
  columns: [
    { name: 'id', type: 'string', doc: 'Names the reject for `loglake rejects --show`.' },
    { name: 'code', type: 'string', doc: 'The kind of reason, as in `malformed-json`.' },
    { name: 'reason', type: 'string', doc: 'Why it could not be read.' },
    {
      name: 'position',
      type: 'long',
      doc: 'Which record of the object, counted from 0; null for a conflict.',
    },
    {
      name: 'byte_offset',
      type: 'long',
      doc: "Where it begins, in bytes of the object's array of records once unzipped.",
    },
    {
      name: 'bytes',
      type: 'binary',
      doc: 'Its bytes as delivered, the first 64 KiB of them; of a conflict the row it would have been, as JSON.',
    },
    { name: 'object_version', type: 'string', doc: 'The version of the object, as in the ledger.' },
    ...OWN_COLUMNS,
    { name: 'size', type: 'long', doc: 'How many bytes it has in all.' },
    {
      name: 'sha256',
      type: 'string',
      doc: 'SHA-256 of all its bytes, in hex; null where sensitive fields are near.',
    },
    {
      name: 'records',
      type: 'long',
      doc: 'How many records the row stands for: behind the first 1,000 rejects of an object, all of one code.',
    },
  ],
}

/** Messages that led to no object, kept completely, so that nothing is lost when they leave their queue. */
export const deadletter: TableDefinition = {
  name: 'deadletter',
  // A dead letter that is replayed gets a new row in place of the old one.
  overwritten: true,
  doc: 'One row per message of a queue that led to no object, or to one that could not be read.',
  key: ['id'],
  columns: [
    { name: 'id', type: 'string', doc: 'Names the dead letter for `loglake deadletters`.' },
    {
      name: 'code',
      type: 'string',
      doc: 'The kind of reason: `unknown-notice`, or why the object could not be read, as in `missing`.',
    },
    { name: 'reason', type: 'string', doc: 'Why the message led to nothing.' },
    { name: 'message', type: 'string', doc: 'The message as it was received.' },
    { name: 'source', type: 'string', doc: 'The source that received it.' },
    { name: 'queue', type: 'string', doc: 'The queue that it was in.' },
    { name: 'message_id', type: 'string', doc: "The queue's name for it." },
    { name: 'sent_at', type: 'timestamptz', doc: 'When it was sent; its UTC date is lake_day.' },
    { name: 'receives', type: 'long', doc: 'How often it had been received.' },
    {
      name: 'replayed_at',
      type: 'timestamptz',
      doc: 'When `loglake deadletters replay` brought in all that it announces; null before that.',
    },
    ...OWN_COLUMNS,
  ],
}

export const ownTables: readonly TableDefinition[] = [ledger, reject, deadletter]
