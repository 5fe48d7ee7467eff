import type { Command } from 'commander'

/** A command, loaded on its call: `loglake --help` has to appear at once. */
export interface Entry {
  name: string
  group: string
  does: string
  load(): Promise<{ define(command: Command): void }>
}

const START = 'Start:'
const ASK = 'Ask:'
const KEEP = 'Look after the lake:'
const SETTINGS = 'Settings:'

/** Every command in the order of the help. */
export const entries: readonly Entry[] = [
  {
    name: 'demo',
    group: START,
    does: 'ingest the sample logs and answer four questions',
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
    name: 'serve',
    group: START,
    does: 'open the lake in a browser, and to programs over HTTP',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'mcp',
    group: START,
    does: 'open the lake to an AI assistant, over the Model Context Protocol',
    load: () => import('./commands/mcp.ts'),
  },
  {
    name: 'review',
    group: ASK,
    does: 'list sessions that are to be reviewed, and decide on them',
    load: () => import('./commands/review.ts'),
  },
  {
    name: 'evidence',
    group: ASK,
    does: 'export the evidence of a decision, or verify it',
    load: () => import('./commands/evidence.ts'),
  },
  {
    name: 'status',
    group: ASK,
    does: 'tell what is waiting, what is behind, and what is missing',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'doctor',
    group: START,
    does: 'tell whether everything is set up as it must be, with the fix of each thing that is not',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'backfill',
    group: START,
    does: 'bring in what a bucket holds from days back, or count what it would cost',
    load: () => import('./commands/backfill.ts'),
  },
  {
    name: 'ask',
    group: ASK,
    does: 'answer a question in words, each sentence with the rows that prove it',
    load: () => import('./commands/ask.ts'),
  },
  {
    name: 'query',
    group: ASK,
    does: 'answer a question in SQL',
    load: () => import('./commands/query.ts'),
  },
  {
    name: 'find',
    group: ASK,
    does: 'find an id, a key, an ARN, an address or a name in every table',
    load: () => import('./commands/find.ts'),
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
    name: 'views',
    group: ASK,
    does: 'list the views, or print the SQL of one',
    load: () => import('./commands/views.ts'),
  },
  {
    name: 'connect',
    group: ASK,
    does: 'print a script that opens the lake in DuckDB, pyiceberg or Spark',
    load: () => import('./commands/connect.ts'),
  },
  {
    name: 'describe',
    group: ASK,
    does: 'list the columns of a table or view',
    load: () => import('./commands/describe.ts'),
  },
  {
    name: 'record',
    group: ASK,
    does: 'print one record as it was delivered',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'days',
    group: ASK,
    does: 'list the days, accounts and Regions that there are, and what is missing between',
    load: () => import('./commands/days.ts'),
  },
  {
    name: 'versions',
    group: ASK,
    does: 'list the versions of the lake and what each changed',
    load: () => import('./commands/versions.ts'),
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
    name: 'digest',
    group: ASK,
    does: 'tell what is new, rare, refused, destructive or loud, without a model',
    load: () => import('./commands/digest.ts'),
  },
  {
    name: 'analyze',
    group: ASK,
    does: 'let a model read what was done, every finding with its events, its cost known first',
    load: () => import('./commands/analyze.ts'),
  },
  {
    name: 'detect',
    group: ASK,
    does: 'look at what is new by rules, texts, behaviour and baselines, and make findings',
    load: () => import('./commands/detect.ts'),
  },
  {
    name: 'findings',
    group: ASK,
    does: 'list findings, show one with the rows that prove it, and decide on them',
    load: () => import('./commands/findings.ts'),
  },
  {
    name: 'rules',
    group: ASK,
    does: 'list, show, add, test and switch the rules of detection',
    load: () => import('./commands/rules.ts'),
  },
  {
    name: 'deliver',
    group: KEEP,
    does: 'send new rows to where they are wanted: Splunk, S3, OpenSearch, a webhook',
    load: () => import('./commands/deliver.ts'),
  },
  {
    name: 'follow',
    group: KEEP,
    does: 'let followers make their rows, once or as long as it runs',
    load: () => import('./commands/follow.ts'),
  },
  {
    name: 'followers',
    group: KEEP,
    does: 'list followers and how far they are behind, or let one go',
    load: () => import('./commands/followers.ts'),
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
    name: 'mirror',
    group: KEEP,
    does: 'show the tables in the Glue Data Catalog, for Athena and others',
    load: () => import('./commands/mirror.ts'),
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
    name: 'erase',
    group: KEEP,
    does: 'remove the rows of a person, a key or an object for good, with a reason',
    load: () => import('./commands/erase.ts'),
  },
  {
    name: 'retention',
    group: KEEP,
    does: 'remove rows of old days for good',
    load: () => import('./commands/retention.ts'),
  },
  {
    name: 'hold',
    group: KEEP,
    does: 'put legal holds on rows, which nothing removes, list them, take them off',
    load: () => import('./commands/hold.ts'),
  },
  {
    name: 'verify',
    group: KEEP,
    does: 're-read everything and prove that it adds up',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'repair',
    group: KEEP,
    does: 'mend a damaged list of versions',
    load: () => import('./commands/repair.ts'),
  },
  {
    name: 'aws',
    group: SETTINGS,
    does: 'set up an AWS account: plan, apply, status, destroy',
    load: () => import('./commands/aws.ts'),
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
  {
    name: 'completion',
    group: SETTINGS,
    does: 'print a script that completes commands in bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'help',
    group: SETTINGS,
    does: 'show the help of a command',
    load: () => import('./commands/help.ts'),
  },
  {
    name: 'version',
    group: SETTINGS,
    does: 'print the version of loglake',
    load: () => import('./commands/version.ts'),
  },
]
