import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../lib/errors.ts'
import { kindsOf } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import { allLogTypes } from './logtype.ts'
import { readLogType, readLogTypes } from './read.ts'
import { definitionSchema } from './schema.ts'
import { parseYaml } from './yaml.ts'

const GOOD = `name: mine
doc: One row per thing.
recognise:
  fields: [kind]
time: moment
id: key
columns:
  - name: moment
    type: timestamptz
    doc: When.
    path: at
  - name: key
    type: string
    doc: Which.
    path: key
  - name: count
    type: long
    doc: How many.
    path: deep.count
`

/** Writes the folder of a log type. */
function folderWith(yaml: string, sql?: string, name = 'mine'): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'onboard-')), name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'logtype.yaml'), yaml)
  if (sql !== undefined) writeFileSync(join(folder, 'flatten.sql'), sql)
  return folder
}

function mistakeIn(folder: string): string {
  try {
    readLogType(folder)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError)
    return (thrown as Error).message.replaceAll(`${folder}/`, '')
  }
  throw new Error('no mistake was found')
}

const ADD_ID = '  - name: id\n    type: string\n    doc: It.\n    path: id\n'
const add = (...lines: string[]) => `${GOOD}${lines.join('\n')}\n`

test('a column says what it holds, and the role of its text', () => {
  const yaml = GOOD.replace('path: key', 'path: key\n    holds: [prompt, outside]\n    text: user')
  const definition = readLogType(folderWith(yaml))
  const [type] = allLogTypes({ definitions: [definition], hashKey: '' }).filter(({ name }) => name === 'mine')
  expect(type?.columns.map((column) => [column.name, kindsOf(column), column.text])).toEqual([
    ['moment', [], undefined],
    ['key', ['prompt', 'outside'], 'user'],
    ['count', [], undefined],
  ])
  const undecided = readLogType(folderWith(GOOD))
  const [other] = allLogTypes({ definitions: [undecided], hashKey: '' }).filter(({ name }) => name === 'mine')
  expect(other?.columns.map(kindsOf)).toEqual([[], ['outside'], []])
})

describe('a mistake', () => {
  test.each<[string, string, string]>([
    [
      'in what a column holds',
      GOOD.replace('path: key', 'path: key\n    holds: [person, secrets]'),
      'logtype.yaml:16: columns.2.holds: one of account, region, prompt, completion, person, address, secret, outside, key, plain is wanted, or a list of them, not ["person","secrets"]',
    ],
    [
      'in two columns that hold the account',
      GOOD.replace('path: key', 'path: key\n    holds: account').concat(ADD_ID, '    holds: [account]\n'),
      'logtype.yaml:25: the column key holds the account already',
    ],
    [
      'in a number that is scanned',
      add('    text: user'),
      'logtype.yaml:20: the column count is of type long: it has no text to scan',
    ],
    ['in the YAML', GOOD.replace('doc: When.', 'doc: [When.'), 'logtype.yaml:11: '],
    ['in a key', add('sorts: [at]'), 'logtype.yaml:20: there is no key "sorts": did you mean "sort"?'],
    [
      'in the key of a column',
      GOOD.replace('    path: deep', '    pth: deep'),
      'logtype.yaml:19: there is no key "pth" in "columns.3": did you mean "path"?',
    ],
    ['in what is missing', GOOD.replace('time: moment\n', ''), 'logtype.yaml:1: the key "time" is missing'],
    [
      'in what a column misses',
      GOOD.replace('    doc: Which.\n', ''),
      'logtype.yaml:12: the key "columns.2.doc" is missing',
    ],
    [
      'in a name',
      GOOD.replace('name: mine', 'name: Mine-1'),
      'logtype.yaml:1: name: small letters, digits and _ are wanted, a letter first, not "Mine-1"',
    ],
    [
      'in the name of the folder',
      GOOD.replace('name: mine', 'name: yours'),
      'logtype.yaml:1: the log type is called yours, its folder mine: give both one name',
    ],
    [
      'in a type',
      GOOD.replace('type: long', 'type: int'),
      'logtype.yaml:17: columns.3.type: one of string, boolean, long, double, timestamptz, date, json is wanted, not "int"',
    ],
    [
      'in a form',
      GOOD.replace('path: at', 'path: at\n    form: unix'),
      'logtype.yaml:12: columns.1.form: one of iso, iso-utc, epoch-seconds, epoch-milliseconds, epoch-microseconds, epoch-nanoseconds is wanted, not "unix"',
    ],
    [
      'in where a form stands',
      GOOD.replace('path: key', 'path: key\n    form: iso'),
      'logtype.yaml:16: form is for columns of type timestamptz with a path: key is none',
    ],
    [
      'in a path',
      GOOD.replace('deep.count', 'deep..count'),
      'logtype.yaml:19: columns.3.path: a field is wanted, as in user.id or [attributes, user.id], not "deep..count"',
    ],
    [
      'in a path that is not there',
      GOOD.replace('    path: deep.count\n', ''),
      'logtype.yaml:16: the column count has no path, and there is no flatten.sql that makes it',
    ],
    [
      'in two ways for one column',
      GOOD.replace('path: key', 'path: key\n    from: log_group'),
      'logtype.yaml:16: the column key has a path and a from: one of them',
    ],
    [
      'in the type of what the way tells',
      GOOD.replace('path: deep.count', 'from: log_group'),
      'logtype.yaml:17: the column count is from log_group: its type is string, not long',
    ],
    [
      'in a column twice',
      GOOD.replace('name: count', 'name: key'),
      'logtype.yaml:16: the column key is there twice',
    ],
    [
      "in a column of loglake's own",
      GOOD.replace('name: count', 'name: lake_day'),
      "logtype.yaml:16: the column lake_day is loglake's own: choose another name",
    ],
    [
      'in a column that is a word of SQL',
      GOOD.replace('name: count', 'name: order'),
      "logtype.yaml:16: a column's name: order is a reserved word of SQL, which every query would have to quote: choose another",
    ],
    ['in the time', GOOD.replace('time: moment', 'time: when'), 'logtype.yaml:5: there is no column when'],
    [
      'in the type of the time',
      GOOD.replace('time: moment', 'time: key'),
      'logtype.yaml:5: time: the column key is of type string: timestamptz is wanted',
    ],
    ['in the id', GOOD.replace('id: key', 'id: keys'), 'logtype.yaml:6: there is no column keys'],
    [
      'in the type of the id',
      GOOD.replace('id: key', 'id: moment'),
      'logtype.yaml:6: id: the column moment is of type timestamptz: string or long is wanted',
    ],
    [
      'in how an id is written',
      GOOD.replace('id: key', 'id: {hsh: record}'),
      'logtype.yaml:6: id: a column is wanted, or {hash: record}, or {hash: [columns]}, not {"hsh":"record"}',
    ],
    [
      'in what an id is made of',
      GOOD.replace('id: key', 'id:\n  hash: [key, other]'),
      'logtype.yaml:7: there is no column other',
    ],
    [
      'in a column where the hash is',
      GOOD.replace('id: key', 'id: {hash: record}') + ADD_ID,
      'logtype.yaml:20: the column id is filled with the hash: choose another name',
    ],
    ['in the sort', add('sort:', '  - key', '  - other'), 'logtype.yaml:22: there is no column other'],
    [
      'in how it is recognised',
      GOOD.replace('  fields: [kind]', '  fields: []'),
      'logtype.yaml:3: recognise: one of fields, values, key, log_group is wanted',
    ],
    [
      'in a value',
      GOOD.replace('  fields: [kind]', '  values:\n    kind: {a: 1}'),
      'logtype.yaml:5: recognise.values.kind: a value is wanted, or a list of values, not {"a":1}',
    ],
    [
      'in a pattern',
      GOOD.replace('  fields: [kind]', '  key: 7'),
      'logtype.yaml:4: recognise.key: a pattern is wanted, as in "app/*/audit/", or a list of them, not 7',
    ],
    [
      'in the envelope',
      add('envelope: s3'),
      'logtype.yaml:20: envelope: one of file, cloudwatch-logs is wanted, not "s3"',
    ],
    [
      'in what is stored instead',
      add('sensitive:', '  - path: key', '    store: clear'),
      'logtype.yaml:22: sensitive.1.store: one of nothing, mask, hash is wanted, not "clear"',
    ],
    [
      'in the type of what is hashed',
      add('sensitive:', '  - path: key', '  - {path: deep, store: hash}'),
      'logtype.yaml:22: a hash is text: the column count is of type long, string is wanted',
    ],
    [
      'in a sensitive time',
      add('sensitive: [{path: "*"}]'),
      'logtype.yaml:20: the time, column moment, cannot be sensitive',
    ],
  ])('%s', (_, yaml, message) => {
    expect(mistakeIn(folderWith(yaml)).slice(0, message.endsWith(': ') ? message.length : undefined)).toBe(
      message,
    )
  })

  test.each(['cloudtrail', 'cloudwatch_log', 'ledger', 'session', 'select'])(
    'in taking the name %s',
    (name) => {
      const folder = folderWith(GOOD.replace('name: mine', `name: ${name}`), undefined, name)
      expect(mistakeIn(folder)).toMatch(
        /^logtype\.yaml:1: (the name \w+ is taken by|name: select is a reserved word of SQL)/,
      )
    },
  )

  test('in taking the name of a view', () => {
    expect(() => readLogType(folderWith(GOOD), new Set(['mine']))).toThrow(
      /logtype\.yaml:1: the name mine is taken by a view$/,
    )
  })

  test('is told with all the others, of every file, in the order of the lines', () => {
    const one = folderWith(`${GOOD.replace('time: moment', 'time: when')}sort: [no]\n`)
    expect(mistakeIn(one)).toMatch(/^logtype\.yaml:5: .*\nlogtype\.yaml:20: .*$/)
    const parent = join(one, '..')
    mkdirSync(join(parent, 'other'))
    expect(() => readLogTypes(parent)).toThrow(
      /mine\/logtype\.yaml:5: [\s\S]*other\/logtype\.yaml cannot be read: /,
    )
  })
})

test('a bomb of aliases is an error', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 9; at++) {
    const [before, own] = ['abcdefghi'[at - 1], 'abcdefghi'[at]]
    bomb.push(`${own}: &${own} [${Array(9).fill(`*${before}`).join(', ')}]`)
  }
  expect(() => parseYaml(bomb.join('\n'), 'mine.yaml', definitionSchema)).toThrow(UserError)
})

test('is asked after ours, and before the log type that takes any event of CloudWatch Logs', () => {
  const definitions = [readLogType(folderWith(GOOD))]
  const names = allLogTypes({ definitions, hashKey: '' }).map(({ name }) => name)
  expect(names.slice(-2)).toEqual(['mine', 'cloudwatch_log'])
  expect(names.filter((name) => name !== 'mine')).toEqual(logTypes.map(({ name }) => name))
})
