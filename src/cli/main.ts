#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { EXIT, leaveQuietly, tell } from './output.ts'

/** A command, loaded when it is called: `loglake --help` must be there at once. */
interface Entry {
  name: string
  group: string
  does: string
  load(): Promise<{ define(command: Command): void }>
}

const START = 'Start:'
const ASK = 'Ask:'
const KEEP = 'Look after the lake:'
const SETTINGS = 'Settings:'

const commands: readonly Entry[] = [
  {
    name: 'demo',
    group: START,
    does: 'ingest the sample logs and answer three questions',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'ingest',
    group: START,
    does: 'bring log files into the lake, each record once',
    load: () => import('./commands/ingest.ts'),
  },
  {
    name: 'run',
    group: START,
    does: 'fill the lake from the sources of loglake.yaml, until it is stopped',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'status',
    group: ASK,
    does: 'tell what is waiting, what is behind, and what is missing',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'backfill',
    group: START,
    does: 'bring in what a bucket holds from days back, or count what it would cost',
    load: () => import('./commands/backfill.ts'),
  },
  {
    name: 'query',
    group: ASK,
    does: 'answer a question in SQL',
    load: () => import('./commands/query.ts'),
  },
  {
    name: 'queries',
    group: ASK,
    does: 'list the questions that have a name, or ask one',
    load: () => import('./commands/queries.ts'),
  },
  {
    name: 'tables',
    group: ASK,
    does: 'list the tables and views',
    load: () => import('./commands/tables.ts'),
  },
  {
    name: 'describe',
    group: ASK,
    does: 'list the columns of a table or view',
    load: () => import('./commands/describe.ts'),
  },
  {
    name: 'objects',
    group: ASK,
    does: 'list the objects read, and what became of each',
    load: () => import('./commands/objects.ts'),
  },
  {
    name: 'rejects',
    group: ASK,
    does: 'list the records that could not be read, and why',
    load: () => import('./commands/rejects.ts'),
  },
  {
    name: 'deadletters',
    group: ASK,
    does: 'list the messages that led to nothing, and try them again',
    load: () => import('./commands/deadletters.ts'),
  },
  {
    name: 'stop',
    group: KEEP,
    does: 'stop a source at once, wherever it runs',
    load: () => import('./commands/stop.ts'),
  },
  {
    name: 'resume',
    group: KEEP,
    does: 'let a stopped source go on',
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'compact',
    group: KEEP,
    does: 'make few large files out of many small ones',
    load: () => import('./commands/compact.ts'),
  },
  {
    name: 'vacuum',
    group: KEEP,
    does: 'give up old versions and remove what nothing needs',
    load: () => import('./commands/vacuum.ts'),
  },
  {
    name: 'verify',
    group: KEEP,
    does: 're-read everything and prove that it adds up',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'logtypes',
    group: SETTINGS,
    does: 'list the log types, check and draft your own',
    load: () => import('./commands/logtypes.ts'),
  },
  {
    name: 'config',
    group: SETTINGS,
    does: 'show the configuration in effect',
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'schema',
    group: SETTINGS,
    does: 'print the JSON Schema of loglake.yaml',
    load: () => import('./commands/schema.ts'),
  },
]

async function main(given: readonly string[]): Promise<number> {
  leaveQuietly()
  // SQL may begin with a comment: that is no option.
  const args = given.map((arg) => (/^--\s/.test(arg) ? ` ${arg}` : arg))
  const program = new Command('loglake')
    .description('An audit log lake for AI on AWS: CloudTrail in, Apache Iceberg tables out, SQL on top.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'show this help; `loglake <command> --help` shows more')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => `\x1b[1m${title}\x1b[22m` })
    .showHelpAfterError('(`--help` shows what there is)')
    .exitOverride()
  const called = args.find((arg) => !arg.startsWith('-'))
  for (const { name, group, does, load } of commands) {
    const command = program.command(name).description(does).helpGroup(group).helpOption('--help', 'show this')
    if (name === called) (await load()).define(command)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? EXIT.done)
  } catch (thrown) {
    // Commander has said already what was wrong.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.mistake
    return tell(thrown, args.includes('--debug'))
  }
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

process.exitCode = await main(process.argv.slice(2))
