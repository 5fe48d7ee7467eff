import { OWN_COLUMNS, type TableColumn, type TableDefinition } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })

export const erasureTable: TableDefinition = {
  name: 'erasure',
  doc: 'One row per erasure, and per use of retention: what went, by whom, why. The value itself is only a hash.',
  derived: true,
  time: 'time',
  columns: [
    string('id', 'Names the erasure.'),
    { name: 'time', type: 'timestamptz', doc: 'When it was done.', bounds: true },
    string('kind', '`person`, `key`, `object` or `days`.'),
    string(
      'value_sha256',
      'SHA-256 of the value that was erased, in hex, of a person in small letters; null for days.',
    ),
    string('before', 'Of retention: rows before that day went.'),
    string('by', 'Who did it.'),
    string('reason', 'Why.'),
    { name: 'rows', type: 'long', doc: 'How many rows went, of all tables.' },
    { name: 'tables', type: 'json', doc: 'The same by table.' },
    { name: 'held', type: 'long', doc: 'How many rows stayed, since a legal hold is on them.' },
    ...OWN_COLUMNS,
  ],
}

export const holdTable: TableDefinition = {
  name: 'hold',
  doc: 'One row per step of a legal hold: it was put on, or taken off. The newest row of an id holds.',
  derived: true,
  time: 'time',
  columns: [
    string('id', 'Names the hold.'),
    string('step', '`added` or `removed`.'),
    { name: 'time', type: 'timestamptz', doc: 'When.', bounds: true },
    string('kind', '`person`, `key`, `object`, or `days`.'),
    string('value', 'Whom or what it holds; null for days.'),
    string('since', 'Of days: the first, as in 2026-01-07; null for no limit.'),
    string('until', 'Of days: the last; null for no limit.'),
    string('by', 'Who did it.'),
    string('reason', 'Why, as in the name of the case.'),
    ...OWN_COLUMNS,
  ],
}

export const eraseTables: readonly TableDefinition[] = [erasureTable, holdTable]
