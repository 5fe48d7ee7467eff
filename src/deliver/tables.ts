import { OWN_COLUMNS, type TableColumn, type TableDefinition } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })
const time = (name: string, doc: string): TableColumn => ({ name, type: 'timestamptz', doc, bounds: true })

/**
 * Rows that a receiver refused permanently, as sent: masked and shaped. A row is replaced when it is sent
 * again.
 */
export const undelivered: TableDefinition = {
  name: 'undelivered',
  doc: 'One row per row that a destination refused for good, with its answer; or per span that was skipped by hand.',
  derived: true,
  overwritten: true,
  time: 'time',
  sort: ['route', 'time'],
  columns: [
    string('id', 'Names it for `loglake deliver retry`; the same for the same row and route.'),
    string('route', 'The route.'),
    string('destination', 'The destination.'),
    string('table_name', 'The table that the row is in.'),
    time('time', "The row's time."),
    string('code', "The receiver's code, an HTTP status, `too-large`, or `skipped`."),
    string('answer', "The receiver's answer, its first 4 KiB; for a skipped span, the reason."),
    string('event', 'What was sent, masked as the route says.'),
    string('host', 'The host that it was sent with.'),
    string('source', 'The source that it was sent with.'),
    string('sourcetype', 'The source type that it was sent with.'),
    long('rows', 'Number of rows: one, or those of a skipped span.'),
    time('refused_at', 'When it was refused or skipped.'),
    time('delivered_at', 'When it was taken after all; null when it was not.'),
    ...OWN_COLUMNS,
  ],
}

/** Values masked on their way out, with the rule that masked them. The values themselves are not stored. */
export const redaction: TableDefinition = {
  name: 'redaction',
  doc: 'One row per row, column and recogniser of which something was masked on its way to a destination.',
  derived: true,
  sort: ['route', 'time'],
  time: 'time',
  columns: [
    string('route', 'The route.'),
    string('destination', 'The destination.'),
    string('policy', 'How it was masked: `masked` or `metadata`; `drop` where the row was kept back.'),
    string('table_name', 'The table that the row is in.'),
    string('row_id', "The row's id."),
    time('time', "The row's time."),
    string('column_name', 'The column.'),
    string('kind', 'What was masked, as in `email`, or what the column holds, as in `prompt`.'),
    string('rule', 'The recogniser that found it; `column` where the whole column is marked.'),
    string('rule_version', 'Its version.'),
    long('spans', 'How many places were masked.'),
    time('masked_at', 'When.'),
    ...OWN_COLUMNS,
  ],
}

export const deliverTables: readonly TableDefinition[] = [undelivered, redaction]
