import type { Definition } from '../../src/onboard/definition.ts'

const columns: Definition['columns'] = [
  { name: 'moment', type: 'timestamptz', doc: 'When.', path: ['at'], line: 1 },
  {
    name: 'local',
    type: 'timestamptz',
    doc: 'When, without a zone.',
    path: ['local'],
    form: 'iso-utc',
    line: 2,
  },
  { name: 'seconds', type: 'timestamptz', doc: 'When.', path: ['seconds'], form: 'epoch-seconds', line: 3 },
  { name: 'nanos', type: 'timestamptz', doc: 'When.', path: ['nanos'], form: 'epoch-nanoseconds', line: 4 },
  { name: 'who', type: 'string', doc: 'Who.', path: ['who', 'name'], line: 5 },
  { name: 'count', type: 'long', doc: 'How many.', path: ['count'], line: 6 },
  { name: 'share', type: 'double', doc: 'How much.', path: ['share'], line: 7 },
  { name: 'first', type: 'boolean', doc: 'Whether it is the first.', path: ['first'], line: 8 },
  { name: 'day', type: 'date', doc: 'On which day.', path: ['day'], line: 9 },
  { name: 'detail', type: 'json', doc: 'What else.', path: ['detail'], line: 10 },
]

/** A log type of a user's own, with a column of every type. */
export const definitionFixture = {
  name: 'visits',
  definition: {
    ...{ name: 'visits', doc: 'One row per visit.', file: 'visits/logtype.yaml' },
    recognise: {
      ...{ fields: [['visit']], values: [], key: [], logGroups: [] },
    },
    columns: [
      { name: 'id', type: 'string', doc: "The record's id: a hash of the record.", line: 1 },
      ...columns,
    ],
    ...{ id: 'id', idOf: 'record', time: 'moment', sort: ['moment'] },
    sensitive: [
      { path: ['who', 'address'], store: 'hash' },
      { path: ['secrets', '*'], store: 'mask' },
      { path: ['nothing'], store: 'nothing' },
    ],
  } satisfies Definition as Definition,
  record: (name: string): object => ({
    ...{ visit: 1, at: '2026-01-07T22:16:43.123Z', local: '2026-01-07T22:16:43', seconds: 1767824203 },
    ...{ nanos: 1767824203123456000, who: { name, address: '192.0.2.7' }, count: 3, share: 0.5 },
    ...{ first: true, day: '2026-01-07', detail: { a: ['b'] }, secrets: { one: 'x' }, nothing: 'y' },
  }),
}
