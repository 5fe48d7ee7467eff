import { DAY, type TableColumn, type TableDefinition } from '../lake/table.ts'

/**
 * The tables of the summaries. Newer versions of rows replace older ones, or are added to them. So these
 * tables are `overwritten`, and cannot be followed.
 */

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const person = (name: string, doc: string): TableColumn => ({ ...string(name, doc), holds: 'person' })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })
const time = (name: string, doc: string): TableColumn => ({ name, type: 'timestamptz', doc, bounds: true })
const json = (name: string, doc: string): TableColumn => ({ name, type: 'json', doc })

/** The last columns of each table. */
const OWN: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
]

/** Columns of rows that can be replaced: the newest version counts. */
const VERSIONED: readonly TableColumn[] = [
  {
    name: 'gone',
    type: 'boolean',
    doc: 'True when what the row was about turned out to be something else: it hides the older versions.',
  },
  {
    name: 'version',
    type: 'long',
    doc: 'The version of the lake that the row was made of; of rows with the same id, the highest counts.',
    bounds: true,
  },
]

export const activity: TableDefinition = {
  name: 'activity_10min',
  doc: 'How many API calls of one kind there were in ten minutes, in parts: `sum(events)` is the number.',
  derived: true,
  overwritten: true,
  time: 'time',
  // Similar rows are together, so that a page with a filter skips most of a day. Files have one day anyway.
  sort: ['eventsource', 'eventname', 'actor', 'sourceipaddress', 'time'],
  fold: { by: 'sum', columns: ['events'] },
  whose: { person: "split_part(actor, ' via ', 1)" },
  columns: [
    time('time', 'The beginning of the ten minutes.'),
    person('actor', 'Who asked, as in `cloudtrail`.'),
    string('actor_kind', 'What kind of identity that is.'),
    string('eventsource', 'The service.'),
    string('eventname', 'What was called.'),
    string('errorcode', 'Why it failed; null when it did not.'),
    { name: 'readonly', type: 'boolean', doc: 'Whether the call only reads.' },
    string('awsregion', 'The Region.'),
    string('recipientaccountid', 'The account.'),
    string('sourceipaddress', 'Where the call came from.'),
    long('events', 'A part of the number of events: add them up.'),
    ...OWN,
  ],
}

export const modelUsage: TableDefinition = {
  name: 'model_usage_10min',
  doc: 'Model calls of one kind in ten minutes, in versions: the view `model_usage_10min_newest` has those that count.',
  derived: true,
  overwritten: true,
  time: 'time',
  sort: ['time', 'model', 'who'],
  fold: { by: 'newest', of: ['time'], version: 'version' },
  whose: { person: 'who', role: 'role' },
  columns: [
    time('time', 'The beginning of the ten minutes.'),
    string('service', '`bedrock` or `sagemaker`.'),
    string(
      'told_by',
      'The logs that have the calls: `both`, `invocation log` or `cloudtrail` on Bedrock; on SageMaker `cloudtrail`, or `data capture`, which has tokens and no caller. A call of an endpoint may be in a row of each.',
    ),
    string('modelid', 'What was called on Bedrock: the id of a model or an inference profile, or an ARN.'),
    string('model', 'The model behind it.'),
    string('endpoint', 'The endpoint of SageMaker, in small letters.'),
    string('accountid', 'The account.'),
    string('region', 'The Region.'),
    person('who', 'Who called.'),
    string('role', 'The role or user behind the calls.'),
    string('errorcode', 'Why the calls failed; null when they did not.'),
    long('invocations', 'Calls.'),
    long('counted', 'Calls of which tokens are known.'),
    long('input_tokens', 'Tokens read that were not in the prompt cache.'),
    long('output_tokens', 'Tokens written.'),
    long('cache_read_tokens', 'Tokens read from the prompt cache.'),
    long('cache_write_tokens', 'Tokens written to the prompt cache.'),
    long('timed', 'Calls of which the latency is known.'),
    long('latency_ms', 'The sum of their latencies, in milliseconds.'),
    long('latency_ms_max', 'The longest of them.'),
    json(
      'latency_histogram',
      'How many took up to 2^(n/2) milliseconds and longer than the step below, by n, as JSON.',
    ),
    ...VERSIONED,
    ...OWN,
    string(
      'named_team',
      'The team that callers named in `requestmetadata`, under the key `team`: unverified, and empty where they named none. Null where no log of such calls can have one, and in rows that were made before this column: `loglake follow summaries --rebuild` fills it.',
    ),
  ],
}

export const conversations: TableDefinition = {
  name: 'conversation_summary',
  doc: 'Runs of agents, in versions: the view `conversation_summary_newest` has those that count.',
  derived: true,
  overwritten: true,
  time: 'started',
  sort: ['started'],
  fold: { by: 'newest', of: ['conversation'], version: 'version' },
  whose: { person: 'who', role: 'role' },
  columns: [
    string('conversation', 'The run: the request id of its first call, as in the view `conversation`.'),
    time('started', 'When its first call began.'),
    time('ended', 'When its last call began.'),
    person('who', 'Who called, as the first call says.'),
    person('identity_arn', 'Who called, as AWS saw it.'),
    string('role', 'The role or user behind it.'),
    string('accountid', 'The account.'),
    string('region', 'The Region.'),
    long('calls', 'Model calls.'),
    long('failed', 'Those that failed.'),
    long('tool_calls', 'Tools that answers asked for.'),
    string('tools', 'Their names, each once, with commas.'),
    string('stop_reason', 'Why the last answer ended.'),
    long('guardrail_interventions', 'Calls in which a guardrail intervened.'),
    long('input_tokens', 'Tokens read that were not in the prompt cache.'),
    long('output_tokens', 'Tokens written.'),
    long('cache_read_tokens', 'Tokens read from the prompt cache.'),
    long('cache_write_tokens', 'Tokens written to the prompt cache.'),
    long('latency_ms', 'The sum of the latencies, in milliseconds.'),
    json(
      'models',
      'By model, as JSON: model, calls, and tokens of each kind; a price list makes a cost of it.',
    ),
    ...VERSIONED,
    ...OWN,
  ],
}

export const sessions: TableDefinition = {
  name: 'session_summary',
  doc: 'Sessions of Session Manager, in versions: the view `session_summary_newest` has those that count.',
  derived: true,
  overwritten: true,
  time: 'started',
  sort: ['started'],
  fold: { by: 'newest', of: ['id'], version: 'version' },
  whose: { person: 'who' },
  columns: [
    string(
      'id',
      "The StartSession event's id; of output without a StartSession the unique part of the session's id.",
    ),
    time('started', 'When the session was asked for; null when no log tells.'),
    time('ended', 'When it was ended, else when its last output was sent.'),
    long('minutes', 'From its start, else its first output, to its end.'),
    string('outcome', '`opened`, `refused` or `unannounced`, as in the view `session`.'),
    string('errorcode', 'Why it was refused.'),
    person('who', 'The person: the source identity, else the name of the role session or user.'),
    string('acting_as', 'The role or user that opened it.'),
    person('actor', 'Who asked, as in `cloudtrail`.'),
    person('useridentity_arn', 'Who asked, as AWS saw it.'),
    string('sourceipaddress', 'Where it was asked for.'),
    string('recipientaccountid', 'The account.'),
    string('awsregion', 'The Region.'),
    string('instance', 'The machine.'),
    string('sessionid', "The session's id, as Session Manager gave it."),
    string('f_sessionid', 'The unique part of it.'),
    string('document', 'The Session Manager document; null for a shell.'),
    string('reason', 'What the person gave as a reason.'),
    string('terminated_by', 'Who ended it.'),
    long('resumed', 'How often it was taken up again.'),
    string('runasuser', "The machine's user that it began as."),
    long('output_lines', 'How many lines of output it has.'),
    long('output_events', 'In how many pieces they came.'),
    time('output_from', 'When its first output was sent.'),
    time('output_until', 'When its last output was sent.'),
    long(
      'api_calls',
      'Other API calls of the same credentials or source identity, from 15 minutes before to 15 minutes after.',
    ),
    long('api_changes', 'How many of these were meant to change something.'),
    long('api_errors', 'How many of these failed.'),
    string('useridentity_accesskeyid', 'The access key that it was asked for with.'),
    person('useridentity_sessioncontext_sourceidentity', 'The source identity of the role session.'),
    string('eventid', 'The StartSession event.'),
    time('from_time', 'The time of the earliest row that it is made of.'),
    time('until_time', 'The time of the latest row that it is made of.'),
    ...VERSIONED,
    ...OWN,
  ],
}

export const summaryTables: readonly TableDefinition[] = [activity, modelUsage, conversations, sessions]
