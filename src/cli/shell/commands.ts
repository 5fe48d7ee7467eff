import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { parseTimestamp, TIMESTAMPS } from '../../lib/timestamp.ts'
import { type FormatName, formatNames } from '../../query/format-names.ts'
import { findQuery, parametersOf } from '../../query/named.ts'
import { isoTime } from '../../query/values.ts'
import { versionAt } from '../../workspace/version-at.ts'
import { describe } from '../commands/describe.ts'
import { tables } from '../commands/tables.ts'
import { align } from '../show/layout.ts'
import { formatOfFile } from '../show/sink.ts'
import type { ShellState } from './contract.ts'

interface ShellCommand {
  name: string
  takes: string
  does: string
  run(state: ShellState, given: readonly string[]): Promise<void> | void
}

/** The shell's commands besides SQL. They have the names of psql's commands where psql has the same. */
export const COMMANDS: readonly ShellCommand[] = [
  {
    name: '\\d',
    takes: '[NAME]',
    does: 'list the tables and views, or the columns of one',
    async run({ opened, version }, [name]) {
      if (name === undefined) await tables(opened, 'table', version)
      else await describe(name.replace(/;$/, '').toLowerCase(), opened.config, 'table')
    },
  },
  {
    name: '\\queries',
    takes: '[WORD]',
    does: 'list the questions that have a name',
    async run({ queries, print }, [word = '']) {
      const found = queries.filter(({ name, title }) =>
        `${name} ${title}`.toLowerCase().includes(word.toLowerCase()),
      )
      const lines = align(
        found.map(({ name, title, names }) => [name, visible(title), [...names.keys()].join(', ')]),
      )
      await print(`${lines.join('\n')}\n`)
    },
  },
  {
    name: '\\run',
    takes: 'QUERY [NAME=VALUE …]',
    does: 'ask a question that has a name',
    async run(state, [name, ...parameters]) {
      if (name === undefined) throw new UserError('\\run wants the name of a query: \\queries lists them')
      const query = findQuery(name, state.queries)
      const limit = query.limit === undefined ? '' : `limit ${query.limit + 1}\n`
      await state.ask(`${query.sql}${limit}`, parametersOf(query, parameters), query.limit)
    },
  },
  {
    name: '\\x',
    takes: '[on|off]',
    does: 'a value a line, or tables again',
    run(state, [how]) {
      state.format = isOn(how, state.format !== 'line') ? 'line' : 'table'
      return state.print(`Answers come as ${state.format}.\n`)
    },
  },
  {
    name: '\\format',
    takes: 'NAME',
    does: `one of ${formatNames.join(', ')}`,
    run(state, [name = '']) {
      if (!formatNames.includes(name as FormatName))
        throw new UserError(
          `there is no format "${name}"${didYouMean(name, formatNames) || `: there is ${formatNames.join(', ')}`}`,
        )
      state.format = name as FormatName
    },
  },
  {
    name: '\\timing',
    takes: '[on|off]',
    does: 'say how long each answer took, from how many files',
    run(state, [how]) {
      state.timing = isOn(how, !state.timing)
      return state.print(`Timing is ${state.timing ? 'on' : 'off'}.\n`)
    },
  },
  {
    name: '\\o',
    takes: '[FILE]',
    does: 'write answers to a file, in the format that its name ends in; without a name to the terminal again',
    run(state, [file]) {
      if (file !== undefined) formatOfFile(file)
      state.output = file
    },
  },
  {
    name: '\\since',
    takes: '[TIME]',
    does: 'ask only what happened since then (2026-01-07, 7d); without a time everything again',
    run(state, [text]) {
      limit(state, 'since', text)
    },
  },
  {
    name: '\\until',
    takes: '[TIME]',
    does: 'ask only what happened before then',
    run(state, [text]) {
      limit(state, 'until', text)
    },
  },
  {
    name: '\\at',
    takes: '[VERSION|TIME]',
    does: 'ask an earlier version of the lake; without one the newest again',
    async run(state, [text]) {
      state.version = text === undefined ? undefined : await versionAt(state.opened.lake, text)
    },
  },
  {
    name: '\\?',
    takes: '',
    does: 'show this',
    async run({ print }) {
      const lines = align(COMMANDS.map(({ name, takes, does }) => [`  ${name} ${takes}`, does]))
      await print(
        `A statement ends with a semicolon, and may take several lines. Tab completes, arrow up brings back, Ctrl-C cancels.\n\n${lines.join('\n')}\n`,
      )
    },
  },
  {
    name: '\\q',
    takes: '',
    does: 'leave; so does Ctrl-D',
    run(state) {
      state.over = true
    },
  },
]

/** Runs a line that starts with a backslash. */
export async function command(state: ShellState, line: string): Promise<void> {
  const [name = '', ...given] = line.split(/\s+/)
  const found = COMMANDS.find((one) => one.name === name)
  if (!found) {
    const names = COMMANDS.map((one) => one.name)
    throw new UserError(`there is no command ${name}${didYouMean(name, names) || ': \\? lists them'}`)
  }
  await found.run(state, given)
}

function isOn(text: string | undefined, byDefault: boolean): boolean {
  if (text === undefined) return byDefault
  if (text !== 'on' && text !== 'off') throw new UserError(`on or off is wanted, not ${text}`)
  return text === 'on'
}

/** Sets or removes a limit of time on questions. */
function limit(state: ShellState, side: 'since' | 'until', text: string | undefined): void {
  const { [side]: _, ...others } = state.scope
  state.scope = text === undefined ? others : { ...others, [side]: timeOf(text) }
}

function timeOf(text: string): string {
  const micros = parseTimestamp(text, Date.now())
  if (micros === undefined) throw new UserError(`${text} is no time: one is wanted as in ${TIMESTAMPS}`)
  return isoTime(micros)
}
