import { DAY, type TableColumn, type TableDefinition } from '../lake/table.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })
const long = (name: string, doc: string): TableColumn => ({ name, type: 'long', doc })

const OWN: readonly TableColumn[] = [
  { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
  { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
]

/**
 * Questions to loglake's own agent, and its answers, so that its use of tools can be reviewed like any
 * agent's.
 */
export const agentRunTable: TableDefinition = {
  name: 'agent_run',
  doc: 'One row per question that `loglake ask` answered: who asked, with which model, what it cost and what of the answer holds.',
  derived: true,
  time: 'time',
  sort: ['time', 'run'],
  whose: { person: 'asked_by' },
  columns: [
    { ...string('run', 'Names the run.'), holds: 'key' },
    { name: 'time', type: 'timestamptz', doc: 'When it was asked.', bounds: true },
    { ...string('asked_by', 'Who asked, as people know them.'), holds: 'person' },
    string('role', 'As what they asked.'),
    { ...string('question', 'The question.'), holds: ['outside', 'prompt'] },
    string('mode', '`model`, `named`, `nearest` or `nothing`.'),
    string('model', 'Provider and id of the model; null without one.'),
    string('ended', '`answered`, or the bound or fault that ended it.'),
    long('turns', 'Calls of the model.'),
    long('statements', 'Statements of SQL that were run.'),
    long('refused', 'Steps that were refused.'),
    long('input_tokens', 'Tokens read.'),
    long('output_tokens', 'Tokens written.'),
    { name: 'usd', type: 'double', doc: 'US dollars, where prices are known.' },
    { name: 'seconds', type: 'double', doc: 'How long it took.' },
    long('claims', 'Claims of the answer.'),
    long('struck_out', 'Claims that did not hold.'),
    {
      name: 'answer',
      type: 'json',
      doc: 'Claims with their evidence and verdicts, as JSON.',
      holds: ['outside', 'completion'],
    },
    long('lake_version', 'The version of the lake that answered.'),
    ...OWN,
  ],
}

export const agentStepTable: TableDefinition = {
  name: 'agent_step',
  doc: "One row per step of a run of loglake's own agent: which tool it called, with what, and what it was told.",
  derived: true,
  time: 'time',
  sort: ['time', 'run', 'seq'],
  columns: [
    { ...string('run', 'The run.'), holds: 'key' },
    long('seq', 'The number of the step, from 1.'),
    { name: 'time', type: 'timestamptz', doc: 'When it was done.', bounds: true },
    string(
      'kind',
      '`tool`, `text`, `answer`, `compacted`, or `named` for a question that was run without a model.',
    ),
    string('tool', 'The tool.'),
    { name: 'input', type: 'json', doc: 'What the tool was given, as JSON.', holds: 'outside' },
    string('outcome', '`done` or `refused`.'),
    { ...string('said', 'What the model was told, with handles in place of values.'), holds: 'outside' },
    string('result', 'The result that came of it, as in `r1`.'),
    { ...string('sql', 'The SQL that was run.'), holds: 'outside' },
    {
      name: 'asked',
      type: 'json',
      doc: 'What the SQL was asked with, as JSON: `question` if it is a named one, `values` of its parameters, `since` and `until`. Null where a model read rows.',
      holds: 'outside',
    },
    long('rows', 'How many rows it had.'),
    ...OWN,
  ],
}

export const agentTables: readonly TableDefinition[] = [agentRunTable, agentStepTable]
