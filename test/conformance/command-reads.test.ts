import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { entries } from '../../src/cli/entries.ts'

/**
 * Which commands read a lake, and how: by the operations of `src/api/`, or by themselves, with the reason. A new command belongs
 * into one of the three lists. See docs/decisions/2026-12-02-command-line-operations.md.
 */

/** Read by operations, as the server does. */
const BY_OPERATIONS = [
  ...['query', 'queries', 'find', 'digest', 'review', 'evidence', 'ask', 'mcp', 'serve'],
  ...['days', 'objects', 'versions', 'followers', 'deadletters', 'hold', 'deliver', 'analyze'],
  ...['tables', 'rejects'],
]

/** Read by themselves. */
const BY_THEMSELVES: Record<string, string> = {
  status:
    '`sources` answers what the server knows offline; the command looks into queues and buckets as it runs',
  doctor: 'checks the account, reads no rows, and mends; `doctor` answers a report that is kept for minutes',
  record: 'reads the delivered bytes in their object; `record` shows columns of a row',
  findings: 'groups by rule, actor and day, and takes beginnings of ids; `findings` and `finding` do neither',
  verify: 'no operation: it reads everything again',
  rules: 'no operation: its counts stand beside files of rules',
  demo: 'answers its four questions from files of its own',
}

/** Read no rows of a lake, or change it. */
const NO_READS = [
  ...['describe', 'views', 'connect', 'logtypes', 'config', 'schema', 'completion', 'help', 'version', 'aws'],
  ...['ingest', 'run', 'backfill', 'detect', 'follow', 'stop', 'resume', 'mirror'],
  ...['compact', 'vacuum', 'erase', 'retention', 'repair'],
]

/** What runs a question outside operations. */
const ASKS =
  /import \{[^}]*\b(ask|answerTo|answered|findingsAnswer|rowsById|readOf)\b[^}]*\} from|queryEngine\.ask\(/

/** Files of `src/cli/` that ask by themselves, with the command that they belong to, or its part that changes something. */
const ASKING: Record<string, string> = {
  'analyze/open.ts': 'analyze, to make one',
  'analyze/schedule.ts': 'analyze, to make one',
  'analyze/selected.ts': 'analyze, to make one',
  'deadletters/replay.ts': 'deadletters replay',
  'commands/demo.ts': 'demo',
  'commands/detect.ts': 'detect',
  'commands/findings.ts': 'findings',
  'commands/record.ts': 'record',
  'commands/rules.ts': 'rules',
  'commands/stop.ts': 'stop',
  'findings/decide.ts': 'findings',
  'findings/one.ts': 'findings',
  'findings/rule-called.ts': 'findings',
  'findings/standing.ts': 'status',
  'logtypes/fixtures.ts': 'logtypes',
  'rules/asked.ts': 'rules',
  'rules/backtest.ts': 'rules',
  'rules/check.ts': 'rules',
  'show/answer.ts': 'record',
}

const CLI = 'src/cli'
const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
)

/** A file of the command line, and those that it imports, directly or not. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached
  reached.add(file)
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
    const to = join(dirname(file), name)
    if (to.startsWith(CLI)) reachedFrom(to, reached)
  }
  return reached
}

it('knows of each command how it reads', () => {
  const listed = [...BY_OPERATIONS, ...Object.keys(BY_THEMSELVES), ...NO_READS]
  expect(listed.sort()).toEqual(entries.map(({ name }) => name).sort())
})

it.each(BY_OPERATIONS)('%s calls operations', (name) => {
  const reached = reachedFrom(join(CLI, 'commands', `${name}.ts`))
  const callers = ['reading.ts', 'asking.ts', 'serving.ts'].map((file) => join(CLI, file))
  expect(callers.some((caller) => reached.has(caller))).toBe(true)
})

it('no other file asks a lake by itself', () => {
  const asking = files.filter((file) => ASKS.test(readFileSync(join(CLI, file), 'utf8')))
  expect(asking.sort()).toEqual(Object.keys(ASKING).sort())
  expect(Object.values(ASKING).filter((name) => BY_OPERATIONS.includes(name))).toEqual([])
})
