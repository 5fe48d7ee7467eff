import { DAY, type TableColumn, type TableDefinition } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })

/**
 * The steps of reviews. Rows are only added: a review's state is computed from its steps (`state.ts`), and
 * each step has the hash of the one before, so that a missing or changed step is detected.
 */
export const reviewTable: TableDefinition = {
  name: 'review',
  doc: 'One row per step of a review: who did what, when, over which version of the lake, and why.',
  derived: true,
  time: 'time',
  sort: ['review_id', 'seq'],
  whose: { person: 'person' },
  columns: [
    {
      ...string('review_id', 'The review: the session or run that it is about, behind its kind.'),
      holds: 'key',
    },
    long('seq', 'The number of the step, from 1.'),
    string(
      'kind',
      '`assigned`, `reassigned`, `escalated`, `opened`, `seen`, `asked`, `answered`, `decided`, `upheld`, `overturned`, `changed_since` or `withdrawn`; of no review `delegated`, where one person (`reviewer`) stands in for another (`person`) from `started` until `due`.',
    ),
    { name: 'time', type: 'timestamptz', doc: 'When it was done.', bounds: true },
    { ...string('subject', 'The session or run.'), holds: 'key' },
    string('subject_kind', '`session`, `run`, `ask` or `delegation`.'),
    { ...string('person', 'Whose session it is, as the logs say.'), holds: 'person' },
    { name: 'started', type: 'timestamptz', doc: 'When the session began.' },
    { name: 'due', type: 'timestamptz', doc: 'When the decision is due.' },
    { ...string('reviewer', 'Who is to decide from here on; null when no one is known.'), holds: 'person' },
    { ...string('by_subject', 'Who did it, as the identity provider names them for good.'), holds: 'person' },
    { ...string('by_name', 'Who did it, as people know them.'), holds: 'person' },
    string('by_role', 'As what they did it.'),
    string('by_signed_in', 'How they proved who they are.'),
    { ...string('on_behalf_of', 'Whose people they reviewed, as a delegate.'), holds: 'person' },
    string('decision', '`confirm` or `deny`.'),
    { ...string('reason', 'Why; of a question or an answer, its text.'), holds: 'outside' },
    { ...string('ticket', 'Where it is followed up.'), holds: 'outside' },
    long('lake_version', 'The version of the lake that the rows were shown of.'),
    string('evidence_digest', 'SHA-256 over the rows that the session has, in hex.'),
    long('evidence_rows', 'How many rows these are.'),
    string('people_file_sha256', 'SHA-256 of the people file that named the reviewer.'),
    {
      name: 'detail',
      type: 'json',
      doc: 'More of the step, as JSON: of a decision, what the reviewer had looked at.',
    },
    string('previous_sha256', 'SHA-256 over the step before, in canonical form.'),
    { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
    { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
  ],
}
