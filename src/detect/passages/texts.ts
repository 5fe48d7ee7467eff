import { identifier } from '../../lib/sql.ts'
import { type Column, type Holds, kindsOf, type LogType } from '../../logtypes/contract.ts'
import type { TextRole } from '../../scan/contract.ts'

/** A column with text, and its author's role. */
export interface TextColumn {
  name: string
  role: TextRole
  /** JSON lists of tool results are scanned item by item: a history sends each again and again. */
  isList?: true
}

/** A table with texts; every other field is SQL. */
export interface TextTable {
  name: string
  id: string
  time: string
  account: string
  region: string
  actor: string
  /** The resource that the text belongs to. */
  resource: string
  /** The conversation, whose calls send the user's words again and again. */
  conversation: string
  columns: readonly TextColumn[]
}

/**
 * The columns with words of people, tools and models. System prompts are not scanned for instructions, since
 * they consist of them.
 */
export const OUR_TEXTS: readonly TextTable[] = [
  {
    name: 'bedrock_invocation',
    id: 'requestid',
    time: 'timestamp',
    account: 'accountid',
    region: 'region',
    actor: 'identity_arn',
    resource: 'modelid',
    conversation: 'conversation_id',
    columns: [
      { name: 'prompt', role: 'user' },
      { name: 'tool_results', role: 'document', isList: true },
      { name: 'completion', role: 'answer' },
    ],
  },
  {
    name: 'sagemaker_invocation',
    id: 'id',
    time: 'eventmetadata_inferencetime',
    account: 'null',
    region: 'null',
    actor: 'null',
    resource: 'endpointname',
    conversation: 'conversation_id',
    columns: [
      { name: 'prompt', role: 'user' },
      { name: 'tool_results', role: 'document', isList: true },
      { name: 'completion', role: 'answer' },
    ],
  },
]

/** Roles of input and output, an answer after what it answers. */
const ROLES: readonly TextRole[] = ['user', 'document', 'answer']

/** Columns of the user's own log types that declare a prompt, a document or an answer (`text`). */
export function textsOf(types: readonly LogType[] = []): TextTable[] {
  return types.flatMap((type): TextTable[] => {
    const columns = ROLES.flatMap((role) =>
      type.columns.filter(({ text }) => text === role).map(({ name }) => ({ name, role })),
    )
    if (columns.length === 0) return []
    const held = (kind: Holds) => sqlOf(type.columns.find((column) => isOne(column, kind)))
    return [
      {
        name: type.name,
        id: `${identifier(type.id)}::varchar`,
        time: type.time,
        account: held('account'),
        region: held('region'),
        actor: held('person'),
        resource: 'null',
        conversation: 'null',
        columns,
      },
    ]
  })
}

/** Whether each value of a column is of a kind, in contrast to a text that contains such values. */
function isOne(column: Column, kind: Holds): boolean {
  return column.type === 'string' && column.text === undefined && kindsOf(column).includes(kind)
}

function sqlOf(column: Column | undefined): string {
  return column === undefined ? 'null' : identifier(column.name)
}
