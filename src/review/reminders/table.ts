import { DAY, type TableColumn, type TableDefinition } from '../../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })

/**
 * Notices of reviews: recipient, time and destination. Rows are only added: one before a message is sent, one
 * after, so that after a crash in between the same message is sent again, under the same id.
 */
export const noticeTable: TableDefinition = {
  name: 'review_notice',
  doc: 'One row before and one after a person is notified of a review that waits for them.',
  derived: true,
  time: 'time',
  sort: ['review_id', 'time'],
  whose: { person: 'person' },
  columns: [
    {
      ...string(
        'id',
        'The same in both rows: of a review, its due date, a stage, a person and a destination.',
      ),
      holds: 'key',
    },
    { ...string('message', 'The message that it was a part of.'), holds: 'key' },
    { name: 'time', type: 'timestamptz', doc: 'When the row was written.', bounds: true },
    string(
      'outcome',
      '`planned`, `sent`, `refused` or `not needed`, where all of the message was decided meanwhile.',
    ),
    { ...string('review_id', 'The review.'), holds: 'key' },
    { ...string('person', 'Whose session it is, as the logs say.'), holds: 'person' },
    { name: 'started', type: 'timestamptz', doc: 'When the session began.' },
    { name: 'due', type: 'timestamptz', doc: 'When the decision is due.' },
    string('stage', '`assigned`, `before N` or `after N`: N days before or after it is due.'),
    { ...string('recipient', 'Who is told.'), holds: 'person' },
    { ...string('on_behalf_of', 'Whose place they take; null for their own reviews.'), holds: 'person' },
    string('destination', 'The destination, by its name in loglake.yaml.'),
    { ...string('answer', "The destination's answer when it refused."), holds: 'outside' },
    string('run', 'The process that wrote it.'),
    { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
    { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
  ],
}
