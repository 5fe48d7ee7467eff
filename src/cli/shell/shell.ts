import { createInterface, type Interface } from 'node:readline'
import { queryExport } from '../../api/operations/query-export.ts'
import { UserError } from '../../lib/errors.ts'
import { namedQueries } from '../../query/named.ts'
import { openQueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { typesWith } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { versionAt } from '../../workspace/version-at.ts'
import { viewsOf } from '../../workspace/views.ts'
import type { AnswerOptions } from '../options.ts'
import { reading } from '../reading.ts'
import { type ScopeOptions, scopeOf } from '../scope-options.ts'
import { counted } from '../show/layout.ts'
import { note, paint, tell } from '../show/output.ts'
import { terminalSink } from '../show/sink.ts'
import { writeAnswer } from '../show/written.ts'
import { COMMANDS, command } from './commands.ts'
import { type Completable, completions } from './complete.ts'
import type { ShellState } from './contract.ts'
import { HISTORY_SIZE, historyFile, oneLine, readHistory, remember } from './history.ts'
import { isBlank, isOpen, statementEnd } from './statement.ts'

/** Input and output of the shell. */
export interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream & { columns?: number }
}

const process_: Terminal = { input: process.stdin, output: process.stdout }

type ShellOptions = CommonOptions & AnswerOptions & ScopeOptions & { at?: string }

/**
 * Runs questions on one lake at a terminal: a statement ends with a semicolon and may have several lines. One
 * engine runs all of them; Ctrl-C cancels the current question.
 */
export async function shell(options: ShellOptions, terminal: Terminal = process_): Promise<void> {
  const opened = await openExisting(options)
  const { lake, config, location, definitions } = opened
  const { format, ...given } = config.values.query
  const limits = limitsOf(given)
  const queryEngine = await openQueryEngine(lake, { limits, views: viewsOf(config) })
  const { rows } = await reading(opened, queryEngine)
  let running: AbortController | undefined

  const state: ShellState = {
    opened,
    queryEngine,
    queries: namedQueries(typesWith(definitions)),
    format: options.format === undefined || options.format === 'parquet' ? format : options.format,
    timing: true,
    scope: options,
    output: options.output,
    version: options.at === undefined ? undefined : await versionAt(lake, options.at),
    over: false,
    print: terminalSink(terminal).write,
    async ask(question, values, limit) {
      const started = performance.now()
      running = new AbortController()
      try {
        const answer = await rows(
          queryExport,
          { sql: question, parameters: values, rows: true, ...scopeOf(state.scope) },
          { signal: running.signal, version: state.version },
        )
        const { read, all } = answer.files
        const how: AnswerOptions =
          state.output === undefined ? { format: state.format } : { output: state.output }
        await writeAnswer(
          answer,
          { ...how, ...(options.csvSafe ? { csvSafe: true } : {}) },
          {
            format,
            limits,
            limit,
            rest: '`loglake queries NAME --limit 0` gives all',
            sink: terminalSink(terminal),
          },
        )
        const seconds = ((performance.now() - started) / 1000).toFixed(2)
        if (state.timing)
          note(
            paint(process.stderr).dim(
              `${read} of ${counted(all, 'file')}, ${seconds} s, version ${answer.version}`,
            ),
          )
      } finally {
        running = undefined
      }
    },
  }

  const completable: Completable = {
    ...(await queryEngine.names()),
    queries: new Map(state.queries.map(({ name, names }) => [name, [...names.keys()]])),
    commands: COMMANDS.map(({ name }) => name),
  }
  await state.print(
    `loglake ${location}, version ${(await lake.newest()).number}. End a question with a semicolon; \\d lists tables, \\? helps, \\q to leave.\n`,
  )
  try {
    await converse(state, terminal, completable, {
      isRunning: () => running !== undefined,
      cancel: () => running?.abort(),
    })
  } finally {
    queryEngine.close()
  }
}

interface Question {
  isRunning(): boolean
  cancel(): void
}

/** Reads lines and runs them in order, until the end of the input or `\q`. */
async function converse(
  state: ShellState,
  terminal: Terminal,
  names: Completable,
  question: Question,
): Promise<void> {
  const file = historyFile()
  let gathered = ''
  const lines = createInterface({
    ...terminal,
    terminal: true,
    history: readHistory(file),
    historySize: HISTORY_SIZE,
    removeHistoryDuplicates: true,
    completer: (line: string) => {
      const [hits, word] = completions(`${gathered}${line}`, names)
      return [hits, word]
    },
  })
  const prompt = () => {
    lines.setPrompt(gathered === '' ? 'loglake> ' : '    ...> ')
    // Text typed while an answer arrived is kept.
    lines.prompt(true)
  }
  lines.on('SIGINT', () => {
    if (question.isRunning()) return question.cancel()
    gathered = ''
    terminal.output.write('\n')
    lines.write(null, { ctrl: true, name: 'u' })
    prompt()
  })
  lines.on('close', () => question.cancel())
  prompt()
  for await (const line of lines) {
    // A command between the lines of a statement leaves the statement unchanged.
    if (gathered !== '' && isCommand(line) && !isOpen(gathered))
      await quietly(() => command(state, line.trim()))
    else
      gathered = await answered(state, `${gathered}${line}`, (asked) => {
        const one = oneLine(asked)
        if (one === undefined) return
        remember(file, one)
        replaceHistory(lines, one, asked.split('\n').length)
      })
    if (state.over) break
    prompt()
  }
  lines.close()
  if (!state.over) terminal.output.write('\n')
}

/** Runs the complete statements of a text. Returns the rest. */
async function answered(state: ShellState, text: string, keep: (asked: string) => void): Promise<string> {
  if (isCommand(text)) {
    keep(text.trim())
    await quietly(() => command(state, text.trim()))
    return ''
  }
  if (/^\s*(quit|exit)\s*;?\s*$/i.test(text)) {
    state.over = true
    return ''
  }
  if (/^\s*help\s*;?\s*$/i.test(text)) {
    await quietly(() => command(state, '\\?'))
    return ''
  }
  let rest = text
  for (let end = statementEnd(rest); end !== undefined; end = statementEnd(rest)) {
    const statement = rest.slice(0, end)
    rest = rest.slice(end)
    if (isBlank(statement)) continue
    keep(statement.trim())
    await quietly(() => state.ask(statement.trim().replace(/;$/, '')))
  }
  return rest.trim() === '' ? '' : `${rest}\n`
}

function isCommand(text: string): boolean {
  return /^\s*\\/.test(text)
}

/** Prints an error, and continues with the next question. */
async function quietly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    if (thrown instanceof UserError && thrown.message === 'the question was cancelled') note('cancelled')
    else tell(thrown, false)
  }
}

/** The lines of one question become one entry, so that arrow up brings back all of it. */
function replaceHistory(lines: Interface, entry: string, count: number): void {
  const { history } = lines as Interface & { history?: string[] }
  if (!history || count < 2) return
  history.splice(0, count, entry)
}
