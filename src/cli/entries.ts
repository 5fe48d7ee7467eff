import type { Command } from 'commander'
import type { ProgramWith } from './options.ts'

/** A command, loaded on its call: `loglake --help` has to appear at once. */
export interface Entry {
  name: string
  group: string
  does: string
  load(): Promise<{ define(command: Command, programWith: ProgramWith): void }>
}

/** A command that parses with each of its schemas once: zod would compile them first, which takes longer. */
function brief(load: Entry['load']): Entry['load'] {
  return async () => {
    const { config } = await import('zod')
    config({ jitless: true })
    return await load()
  }
}

const start: readonly Omit<Entry, 'group'>[] = [
  {
    name: 'demo',
    does: 'ingest the sample logs and answer four questions',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'ingest',
    does: 'bring log files into the lake, each record once',
    load: () => import('./commands/ingest.ts'),
  },
  {
    name: 'run',
    does: 'fill the lake from the sources of loglake.yaml, until it is stopped',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'serve',
    does: 'open the lake in a browser, and to programs over HTTP',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'mcp',
    does: 'open the lake to an AI assistant, over the Model Context Protocol',
    load: () => import('./commands/mcp.ts'),
  },
  {
    name: 'doctor',
    does: 'tell whether everything is set up as it must be, with the fix of each thing that is not',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'backfill',
    does: 'bring in what a bucket holds from days back, or count what it would cost',
    load: () => import('./commands/backfill.ts'),
  },
]

const ask: readonly Omit<Entry, 'group'>[] = [
  {
    name: 'review',
    does: 'list sessions that are to be reviewed, and decide on them',
    load: () => import('./commands/review.ts'),
  },
  {
    name: 'evidence',
    does: 'export the evidence of a decision, or verify it',
    load: () => import('./commands/evidence.ts'),
  },
  {
    name: 'status',
    does: 'tell what is waiting, what is behind, and what is missing',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'ask',
    does: 'answer a question in words, each sentence with the rows that prove it',
    load: () => import('./commands/ask.ts'),
  },
  {
    name: 'query',
    does: 'answer a question in SQL',
    load: brief(() => import('./commands/query.ts')),
  },
  {
    name: 'find',
    does: 'find an id, a key, an ARN, an address or a name in every table',
    load: brief(() => import('./commands/find.ts')),
  },
  {
    name: 'queries',
    does: 'list the questions that have a name, or ask one',
    load: brief(() => import('./commands/queries.ts')),
  },
  {
    name: 'tables',
    does: 'list the tables and views',
    load: brief(() => import('./commands/tables.ts')),
  },
  {
    name: 'views',
    does: 'list the views, or print the SQL of one',
    load: () => import('./commands/views.ts'),
  },
  {
    name: 'connect',
    does: 'print a script that opens the lake in DuckDB, pyiceberg or Spark',
    load: () => import('./commands/connect.ts'),
  },
  {
    name: 'describe',
    does: 'list the columns of a table or view',
    load: () => import('./commands/describe.ts'),
  },
  {
    name: 'record',
    does: 'print one record as it was delivered',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'days',
    does: 'list the days, accounts and Regions that there are, and what is missing between',
    load: brief(() => import('./commands/days.ts')),
  },
  {
    name: 'versions',
    does: 'list the versions of the lake and what each changed',
    load: brief(() => import('./commands/versions.ts')),
  },
  {
    name: 'objects',
    does: 'list the objects read, and what became of each',
    load: brief(() => import('./commands/objects.ts')),
  },
  {
    name: 'rejects',
    does: 'list the records that could not be read, and why',
    load: brief(() => import('./commands/rejects.ts')),
  },
  {
    name: 'deadletters',
    does: 'list the messages that led to nothing, and try them again',
    load: brief(() => import('./commands/deadletters.ts')),
  },
  {
    name: 'digest',
    does: 'tell what is new, rare, refused, destructive or loud, without a model',
    load: brief(() => import('./commands/digest.ts')),
  },
  {
    name: 'analyze',
    does: 'let a model read what was done, every finding with its events, its cost known first',
    load: brief(() => import('./commands/analyze.ts')),
  },
  {
    name: 'detect',
    does: 'look at what is new by rules, texts, behaviour and baselines, and make findings',
    load: () => import('./commands/detect.ts'),
  },
  {
    name: 'findings',
    does: 'list findings, show one with the rows that prove it, and decide on them',
    load: brief(() => import('./commands/findings.ts')),
  },
  {
    name: 'rules',
    does: 'list, show, add, test and switch the rules of detection',
    load: () => import('./commands/rules.ts'),
  },
]

const keep: readonly Omit<Entry, 'group'>[] = [
  {
    name: 'deliver',
    does: 'send new rows to where they are wanted: Splunk, S3, OpenSearch, a webhook',
    load: brief(() => import('./commands/deliver.ts')),
  },
  {
    name: 'follow',
    does: 'let followers make their rows, once or as long as it runs',
    load: () => import('./commands/follow.ts'),
  },
  {
    name: 'followers',
    does: 'list followers and how far they are behind, or let one go',
    load: brief(() => import('./commands/followers.ts')),
  },
  {
    name: 'stop',
    does: 'stop a source at once, wherever it runs',
    load: () => import('./commands/stop.ts'),
  },
  {
    name: 'resume',
    does: 'let a stopped source go on',
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'mirror',
    does: 'show the tables in the Glue Data Catalog, for Athena and others',
    load: () => import('./commands/mirror.ts'),
  },
  {
    name: 'compact',
    does: 'make few large files out of many small ones',
    load: () => import('./commands/compact.ts'),
  },
  {
    name: 'vacuum',
    does: 'give up old versions and remove what nothing needs',
    load: () => import('./commands/vacuum.ts'),
  },
  {
    name: 'erase',
    does: 'remove the rows of a person, a key or an object for good, with a reason',
    load: () => import('./commands/erase.ts'),
  },
  {
    name: 'retention',
    does: 'remove rows of old days for good',
    load: () => import('./commands/retention.ts'),
  },
  {
    name: 'hold',
    does: 'put legal holds on rows, which nothing removes, list them, take them off',
    load: brief(() => import('./commands/hold.ts')),
  },
  {
    name: 'verify',
    does: 're-read everything and prove that it adds up',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'repair',
    does: 'mend a damaged list of versions',
    load: () => import('./commands/repair.ts'),
  },
]

const settings: readonly Omit<Entry, 'group'>[] = [
  {
    name: 'aws',
    does: 'set up an AWS account: plan, apply, status, destroy',
    load: () => import('./commands/aws.ts'),
  },
  {
    name: 'logtypes',
    does: 'list the log types, check and draft your own',
    load: () => import('./commands/logtypes.ts'),
  },
  {
    name: 'config',
    does: 'show the configuration in effect',
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'schema',
    does: 'print the JSON Schema of loglake.yaml',
    load: () => import('./commands/schema.ts'),
  },
  {
    name: 'completion',
    does: 'print a script that completes commands in bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'help',
    does: 'show the help of a command',
    load: () => import('./commands/help.ts'),
  },
  {
    name: 'version',
    does: 'print the version of loglake',
    load: () => import('./commands/version.ts'),
  },
]

const inGroup = (group: string, own: readonly Omit<Entry, 'group'>[]) => own.map((one) => ({ group, ...one }))

/** Every command in the order of the help. */
export const entries: readonly Entry[] = [
  ...inGroup('Start:', start),
  ...inGroup('Ask:', ask),
  ...inGroup('Look after the lake:', keep),
  ...inGroup('Settings:', settings),
]
