import { type AppendedTable, DAY, type TableColumn } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })
const json = (name: string, doc: string): TableColumn => ({ name, type: 'json', doc })

const OWN: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
]

/**
 * The state of each analysis. Rows are only added. When a process dies, another one reads them and continues.
 */
export const analysis: AppendedTable = {
  name: 'analysis',
  doc: 'One row per step of an analysis: begun, a batch job wanted, started and read, reported, sent, finished.',
  derived: true,
  key: ['run', 'seq'],
  time: 'time',
  sort: ['run', 'seq'],
  columns: [
    { ...string('run', 'Names the analysis.'), holds: 'key' },
    long('seq', 'The number of the step, from 1.'),
    string(
      'kind',
      '`begun`, `job_wanted`, `job_started`, `job_read`, `asked`, `reduced`, `reported`, `sent`, `stopped` or `finished`.',
    ),
    { name: 'time', type: 'timestamptz', doc: 'When it was done.', bounds: true },
    long('lake_version', 'Of `begun`, the version of the lake that was read.'),
    { ...string('job', 'The name of the batch job that it is about.'), holds: 'key' },
    {
      ...json(
        'detail',
        'More of the step, as JSON: of `begun` the selection and the plan, of `reported` the report.',
      ),
      holds: 'outside',
    },
    ...OWN,
  ],
}

/** Every call of an analysis, with its input and its answer. */
export const analysisItem: AppendedTable = {
  name: 'analysis_item',
  doc: 'One row per state of a call of the model in an analysis; the one of the highest version counts.',
  derived: true,
  sort: ['run', 'kind', 'item', 'version'],
  fold: { by: 'newest', of: ['run', 'item'], version: 'version' },
  columns: [
    { ...string('run', 'The analysis.'), holds: 'key' },
    { ...string('item', 'Names the call: also the `recordId` in a batch.'), holds: 'key' },
    long('version', 'Grows with each state.'),
    string('kind', '`map`: it reads lines of events; `reduce`: it puts findings together.'),
    string('state', '`waiting`, `done` or `not_analysed`.'),
    { ...string('about', 'The principal, service or Region.'), holds: 'person' },
    { ...string('account', 'The account.'), holds: 'account' },
    long('events', 'Events that it is about.'),
    long('attempt', 'How often it has been asked.'),
    { ...json('input', 'What it reads: lines with their handles and ids of events.'), holds: 'outside' },
    { ...string('output', "The model's answer, as it came."), holds: 'outside' },
    long('input_tokens', 'Tokens that were read, as the provider counted them.'),
    long('output_tokens', 'Tokens that were written.'),
    { ...string('job', 'The batch job that answered; null when it was asked on demand.'), holds: 'key' },
    string('error', 'Why there is no answer.'),
    ...OWN,
  ],
}

export const analysisTables: readonly AppendedTable[] = [analysis, analysisItem]
