import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { sentence, UserError } from '../lib/errors.ts'
import type { PersonSpan } from '../query/reader.ts'

/**
 * Managers by time: a CSV file with the columns person, manager, from, until and team. A person has the name
 * in the logs (a source identity, a session name, a user), an agent the name of its role. `from` and `until`
 * are UTC dates, `until` is exclusive; an empty one is open. An empty team is none.
 */
export interface People {
  /** SHA-256 of the file, in hex; null without a file. */
  sha256: string | null
  /** When the file was last changed. */
  changed: string | null
  lines: readonly PersonLine[]
}

export interface PersonLine {
  person: string
  manager: string
  from: string
  until: string
  team: string
}

export const NO_PEOPLE: People = { sha256: null, changed: null, lines: [] }

const COLUMNS = ['person', 'manager', 'from', 'until', 'team'] as const
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** @throws UserError with file and line */
export function readPeople(file: string): People {
  let text: string
  let changed: Date
  try {
    text = readFileSync(file, 'utf8')
    changed = statSync(file).mtime
  } catch (thrown) {
    throw new UserError(`${file}: the people cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    changed: changed.toISOString(),
    lines: linesOf(text, file),
  }
}

export function linesOf(text: string, file: string): PersonLine[] {
  const [head = '', ...rest] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const names = head.split(',').map((name) => name.trim())
  for (const name of names)
    if (!(COLUMNS as readonly string[]).includes(name))
      throw new UserError(`${file}:1: there is no column "${name}": ${COLUMNS.join(', ')}`)
  for (const name of ['person', 'manager'])
    if (!names.includes(name)) throw new UserError(`${file}:1: the column "${name}" is missing`)
  return rest.flatMap((line, at) => {
    if (line.trim() === '') return []
    const place = `${file}:${at + 2}`
    const cells = line.split(',').map((cell) => cell.trim())
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const [from, until] = [cell('from'), cell('until')]
    for (const [name, value] of [
      ['from', from],
      ['until', until],
    ])
      if (value !== '' && !DATE.test(value as string))
        throw new UserError(`${place}: ${name}: a day is wanted, as in 2026-01-07, not "${value}"`)
    if (cells.length > names.length) throw new UserError(`${place}: there are more cells than columns`)
    if (cell('person') === '') throw new UserError(`${place}: the person is missing`)
    if (cell('person') === cell('manager')) throw new UserError(`${place}: nobody is their own manager`)
    return [{ person: cell('person'), manager: cell('manager'), from, until, team: cell('team') }]
  })
}

/** The manager of a person, or the owner of a role, at a time; null when no line names one. */
export function managerAt({ lines }: People, names: readonly (string | null)[], time: string): string | null {
  const day = time.slice(0, 10)
  for (const name of names) {
    if (name === null) continue
    const line = lines.findLast(
      (one) =>
        one.person === name && (one.from === '' || one.from <= day) && (one.until === '' || day < one.until),
    )
    if (line && line.manager !== '') return line.manager
  }
  return null
}

/**
 * The people of a manager, each with the span of time. People without a manager are nobody's, also where a
 * reader's name is empty.
 */
export function peopleOf({ lines }: People, manager: string): PersonSpan[] {
  if (manager === '') return []
  return lines
    .filter((line) => line.manager === manager)
    .map(({ person, from, until }) => ({
      person,
      ...(from === '' ? {} : { from: `${from}T00:00:00Z` }),
      ...(until === '' ? {} : { until: `${until}T00:00:00Z` }),
    }))
}
