import { identifier } from '../../lib/sql.ts'
import { type Column, type Holds, kindsOf, type LogType } from '../../logtypes/contract.ts'
import type { TextRole } from '../../scan/contract.ts'

/** A column with text, and in whose words it is. */
export interface TextColumn {
  name: string
  role: TextRole
  /** JSON lists of tool results are looked at one by one: a history sends each again and again. */
  isList?: true
}

/** A table with texts; all but its name, its time and its columns is SQL. */
export interface TextTable {
  name: string
  id: string
  time: string
  account: string
  region: string
  actor: string
  /** What the text belongs to. */
  resource: string
  /** Its calls send what the user said again and again. */
  conversation: string
  columns: readonly TextColumn[]
}

/** Where people, tools and models say something. A system prompt instructs by its nature, and is not looked at for that. */
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
      { name: 'completion', role: 'answer' },
    ],
  },
]

/** What is said to a model and what it says, an answer behind what it answers. */
const ROLES: readonly TextRole[] = ['user', 'document', 'answer']

/** The user's own log types that say of a column that it is a prompt, a document or an answer (`text`). */
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

/** A column whose values are of a kind, and no text in which there are such. */
function isOne(column: Column, kind: Holds): boolean {
  return column.type === 'string' && column.text === undefined && kindsOf(column).includes(kind)
}

function sqlOf(column: Column | undefined): string {
  return column === undefined ? 'null' : identifier(column.name)
}
