import { type AppendedTable, DAY, type TableColumn } from '../lake/table.ts'

/**
 * The tables of detection. Except for the counts, rows are only added: a person's decision on a finding, or
 * the switch of a rule, is a row of its own, and the newest one counts.
 */

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const json = (name: string, doc: string): TableColumn => ({ name, type: 'json', doc })
/** Texts of rules hold no log data: every policy lets them out. */
const plain = (column: TableColumn): TableColumn => ({ ...column, holds: 'plain' })
const key = (column: TableColumn): TableColumn => ({ ...column, holds: 'key' })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })
const time = (name: string, doc: string): TableColumn => ({ name, type: 'timestamptz', doc, bounds: true })

const OWN: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
]

export const finding: AppendedTable = {
  name: 'finding',
  doc: 'One row per finding: what a rule found, and the rows that prove it.',
  derived: true,
  key: ['id', 'time'],
  time: 'time',
  keys: [
    { column: 'id', is: ['uuid', 'id'] },
    { column: 'actor', is: ['name', 'arn', 'email'] },
    { column: 'resource', is: ['name', 'arn', 'instance', 'bucket'] },
    { column: 'evidence', path: '$[*].id', is: ['uuid', 'id'] },
  ],
  sort: ['time', 'rule', 'id'],
  whose: {
    person: "split_part(split_part(actor, ' via ', 1), '/', -1)",
    role: "case when actor like 'arn:%:assumed-role/%' then split_part(actor, '/', 2) end",
  },
  columns: [
    key(string('id', 'Made of the rule, its version and the rows: the same rows give the same id.')),
    time('time', 'The time of the row that completed it.'),
    { ...plain(string('rule', "The rule's id.")), bounds: true },
    plain(
      string('rule_version', 'Made of what decides about matches in the rule: another one for another rule.'),
    ),
    { ...plain(string('severity', '`informational`, `low`, `medium`, `high` or `critical`.')), bounds: true },
    plain(string('title', "The rule's title.")),
    string('explanation', 'What was found, in sentences.'),
    { ...string('actor', 'Who did it, as the logs say; null where they do not.'), holds: 'person' },
    { ...string('account', 'The account.'), holds: 'account' },
    { ...string('region', 'The Region.'), holds: 'region' },
    string('resource', 'What it was done to.'),
    plain(string('evidence_table', 'The table of the row that completed it.')),
    key(json('evidence', 'The rows that prove it, earliest first, at most 100: [{table, id, time}].')),
    long('evidence_rows', 'How many rows there were.'),
    json(
      'matched',
      'The values that matched, masked where they are secrets or personal: [{field, column, value}].',
    ),
    plain(json('attack', 'Ids of MITRE ATT&CK techniques.')),
    plain(json('atlas', 'Ids of MITRE ATLAS techniques.')),
    plain(json('owasp', 'Ids of the OWASP Top 10 for LLM and agentic applications.')),
    plain(string('author', "The rule's author.")),
    plain(string('licence', "The rule's licence.")),
    plain(string('detector', 'What looked for it: `sigma`, `passages`, `agents` or `baselines`.')),
    key(
      string(
        'group_id',
        'The same for findings of one rule about one actor, account and resource on one day.',
      ),
    ),
    key(
      string(
        'suppressed_by',
        'The suppression that hid it when it was made; later ones are in the view `finding_state`.',
      ),
    ),
    ...OWN,
  ],
}

export const findingNote: AppendedTable = {
  name: 'finding_note',
  doc: 'One row per decision on a finding: a state, a verdict with its reason, an assignee. The newest of each counts.',
  derived: true,
  sort: ['made_at'],
  columns: [
    string('finding', "The finding's id."),
    time('made_at', 'When it was decided.'),
    { ...string('made_by', 'Who decided.'), holds: 'person' },
    string('state', '`open`, `taken` or `closed`; null when it stays as it was.'),
    string('verdict', '`true`, `false`, `benign` or `duplicate`; null when it stays as it was.'),
    { ...string('assignee', 'Who looks into it; null when it stays as it was.'), holds: 'person' },
    string('reason', 'Why, in words.'),
    ...OWN,
  ],
}

export const suppression: AppendedTable = {
  name: 'suppression',
  doc: 'One row per suppression, and one more with the same id when it is ended early.',
  derived: true,
  sort: ['made_at'],
  columns: [
    string('id', 'Names the suppression.'),
    time('made_at', 'When it was made or ended.'),
    { ...string('made_by', 'Who made or ended it.'), holds: 'person' },
    string('rule', 'Of which rule; null for all.'),
    string('actor', 'Of which actor, `*` for anything; null for all.'),
    string('resource', 'Of which resource, `*` for anything; null for all.'),
    { name: 'ends_at', type: 'timestamptz', doc: 'Findings from then on are not hidden.' },
    string('why', 'The reason.'),
    ...OWN,
  ],
}

export const ruleSwitch: AppendedTable = {
  name: 'rule_switch',
  doc: 'One row each time that a rule is switched off or on; the newest counts.',
  derived: true,
  sort: ['made_at'],
  columns: [
    string('rule', "The rule's id."),
    time('made_at', 'When.'),
    { ...string('made_by', 'Who did it.'), holds: 'person' },
    { name: 'is_off', type: 'boolean', doc: 'Whether it is off from then on.' },
    string('why', 'The reason.'),
    ...OWN,
  ],
}

export const ruleFailure: AppendedTable = {
  name: 'rule_failure',
  doc: 'One row per rule that could not run on the rows of a turn: it was left out, and the others went on.',
  derived: true,
  sort: ['made_at'],
  columns: [
    time('made_at', 'When.'),
    string('rule', "The rule's id, or the name of a detector that failed as a whole."),
    string('rule_version', "The rule's version."),
    string('error', 'Why, in the words of the error.'),
    long('rows', 'New rows of the turn that it did not see.'),
    ...OWN,
  ],
}

export const baselineSeen: AppendedTable = {
  name: 'baseline_seen',
  doc: 'One row per action of a principal for the first time, as in one role and one API.',
  derived: true,
  sort: ['kind', 'account', 'who', 'what'],
  columns: [
    string('kind', 'What it is about, as in `principal-api`.'),
    string('account', 'The account.'),
    { ...string('who', 'The principal or the agent.'), holds: 'person' },
    string('what', 'What was new: an API, a Region, a model, a tool.'),
    time('first_time', 'The time of the first row.'),
    string('first_id', 'The id of that row.'),
    ...OWN,
  ],
}

export const baselineHour: AppendedTable = {
  name: 'baseline_hour',
  doc: 'What a principal did in an hour, in parts: `sum(calls)` is the number.',
  derived: true,
  sort: ['hour', 'account', 'who'],
  columns: [
    string('account', 'The account.'),
    { ...string('who', 'The principal.'), holds: 'person' },
    time('hour', 'The beginning of the hour.'),
    long('calls', 'A part of the calls: add them up.'),
    long('errors', 'Those that failed.'),
    long('denied', 'Those that were refused.'),
    ...OWN,
  ],
}

export const baselineSpending: AppendedTable = {
  name: 'baseline_spending',
  doc: 'What the model calls of a principal cost in an hour, in parts: `sum(cost_usd)` is the cost.',
  derived: true,
  sort: ['hour', 'account', 'who'],
  columns: [
    string('account', 'The account.'),
    { ...string('who', 'The principal.'), holds: 'person' },
    time('hour', 'The beginning of the hour.'),
    {
      name: 'cost_usd',
      type: 'double',
      doc: 'A part of the cost in US dollars, of calls whose price is known: add them up.',
    },
    ...OWN,
  ],
}

/** What the follower writes. */
export const detectTables: readonly AppendedTable[] = [
  finding,
  ruleFailure,
  baselineSeen,
  baselineHour,
  baselineSpending,
]

/** What people write. */
export const decisionTables: readonly AppendedTable[] = [findingNote, suppression, ruleSwitch]
