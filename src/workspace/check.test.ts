import { expect, test } from 'vitest'
import { UserError } from '../lib/errors.ts'
import type { Definition } from '../onboard/definition.ts'
import { logTypeOf } from '../onboard/logtype.ts'
import { checkSelects } from './check.ts'

const DEFINITION: Definition = {
  name: 'visits',
  doc: 'One row per visit.',
  file: 'visits/logtype.yaml',
  recognise: { fields: [], values: [], key: [], logGroups: [] },
  columns: [
    { name: 'moment', type: 'timestamptz', doc: 'When.', path: ['at'], line: 1 },
    { name: 'seconds', type: 'long', doc: 'How long.', path: ['seconds'], line: 2 },
    { name: 'minutes', type: 'double', doc: 'How long.', line: 3 },
    { name: 'detail', type: 'json', doc: 'What else.', path: ['detail'], line: 4 },
  ],
  id: 'seconds',
  time: 'moment',
  sort: ['moment'],
  sensitive: [],
}

const check = (text: string) =>
  checkSelects([logTypeOf({ ...DEFINITION, select: { file: 'visits/flatten.sql', text } }, '')])

const ALL = 'select *, seconds / 60 as minutes from record'

test.each([
  ['carries all along', ALL],
  ['is built of parts', `with r as (from record)\n${ALL.replace('record', 'r')} -- that is all`],
  ['reads JSON and times', ALL.replace('seconds / 60', "(detail ->> '$.n')::double + epoch(moment)")],
  ['knows the object', ALL.replace('seconds / 60', 'length(lake_object)')],
])('SQL that %s', async (_, text) => {
  await check(text)
})

test.each([
  ['does not parse', 'select *,\n  seconds / / 60 as minutes\nfrom record', /flatten\.sql:2: Parser Error: /],
  [
    'names what is not there',
    'select *,\n\n  secs as minutes from record',
    /flatten\.sql:3: Binder Error: .*"secs"/,
  ],
  ['leaves a column out', 'select * from record', /flatten\.sql:1: it does not give the column minutes: /],
  [
    'leaves columns out',
    `${ALL.replace('*', 'seconds')}`,
    /the columns moment, detail, unmapped, lake_object: /,
  ],
  [
    'has a column more',
    ALL.replace('*', '*, 1 as odd'),
    /flatten\.sql:1: it gives the column odd, which logtype\.yaml has not$/,
  ],
  ['has a column twice', ALL.replace('*', '*, 1 as minutes'), /flatten\.sql:1: /],
  ['has two statements', `${ALL}; ${ALL}`, /flatten\.sql:1: one statement is wanted, these are 2$/],
  ['is no SELECT', 'create table x (a int)', /flatten\.sql:1: a SELECT is wanted, not CREATE$/],
  ['is nothing but a comment', '-- nothing', /flatten\.sql:1: /],
  ['is empty', ' \n', /flatten\.sql:1: there is no statement$/],
  ['makes a text of the time', ALL.replace('*', "* replace ('x' as moment)"), /flatten\.sql:\d: /],
])('SQL that %s is refused', async (_, text, message) => {
  const refused = check(text)
  await expect(refused).rejects.toThrow(UserError)
  await expect(refused).rejects.toThrow(message)
})
