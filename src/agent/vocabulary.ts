import { list } from '../lib/sql.ts'
import type { AgentQueries } from './queries.ts'
import { isHarmless } from './seal.ts'

/**
 * Columns that only AWS writes, and columns of findings that only loglake writes: no caller chooses their
 * values. Names of roles, sessions, buckets and tools are not included, nor are a partner's records in
 * CloudTrail Lake.
 */
export const COLUMNS: readonly { table: string; column: string; where?: string; form?: RegExp }[] = [
  {
    table: 'cloudtrail',
    column: 'eventsource',
    where: AWS_ONLY(),
    form: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/,
  },
  { table: 'cloudtrail', column: 'eventname', where: AWS_ONLY(), form: /^[A-Za-z][A-Za-z0-9_:.]{1,79}$/ },
  { table: 'cloudtrail', column: 'errorcode', where: AWS_ONLY(), form: /^[A-Za-z][A-Za-z0-9_.]{1,79}$/ },
  { table: 'cloudtrail', column: 'awsregion', where: AWS_ONLY(), form: REGION() },
  { table: 'cloudtrail', column: 'useridentity_type', where: AWS_ONLY(), form: /^[A-Za-z]{1,30}$/ },
  {
    table: 'cloudtrail',
    column: 'useridentity_invokedby',
    where: AWS_ONLY(),
    form: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/,
  },
  { table: 'cloudtrail', column: 'eventtype', where: AWS_ONLY(), form: /^[A-Za-z]{1,40}$/ },
  { table: 'cloudtrail', column: 'eventcategory', where: AWS_ONLY(), form: /^[A-Za-z]{1,40}$/ },
  { table: 'bedrock_invocation', column: 'operation', form: /^[A-Za-z]{1,60}$/ },
  { table: 'bedrock_invocation', column: 'region', form: REGION() },
  { table: 'bedrock_invocation', column: 'errorcode', form: /^[A-Za-z]{1,60}$/ },
  { table: 'bedrock_invocation', column: 'stop_reason', form: /^[a-z_]{1,40}$/ },
  { table: 'guardduty_finding', column: 'type', form: /^[A-Za-z0-9:./!-]{1,80}$/ },
  { table: 'sagemaker_event', column: 'detail_type', form: /^[A-Za-z ]{1,60}$/ },
  { table: 'sagemaker_event', column: 'status', form: /^[A-Za-z_]{1,40}$/ },
  { table: 'finding', column: 'rule', form: /^[A-Za-z0-9._-]{1,80}$/ },
  { table: 'finding', column: 'severity', form: /^[a-z]{1,20}$/ },
]

/**
 * In a partner's records from CloudTrail Lake, the partner writes every field, the source and the category
 * included.
 */
function AWS_ONLY(): string {
  const categories = "'Management', 'Data', 'Insight', 'NetworkActivity'"
  return `eventsource like '%.amazonaws.com' and coalesce(eventcategory, 'Management') in (${categories})`
}

function REGION(): RegExp {
  return /^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/
}

/** Words that loglake's own views and questions write. */
const OWN = new Set(
  (
    'cloudtrail bedrock_invocation session_log sagemaker_event sagemaker_invocation guardduty_finding cloudwatch_log ' +
    'cloudwatch_metric finding opened refused unannounced both bedrock sagemaker text json yes no new open closed ' +
    'informational low medium high critical Root IAMUser AssumedRole AWSService AWSAccount FederatedUser IdentityCenterUser ' +
    'user role service root account bucket model endpoint'
  ).split(' '),
)

/** Most words that are looked up for one result. */
const MAX = 400

export interface Vocabulary {
  has(text: string): boolean
  /** Looks up which of these texts are words of AWS's own, by the columns that AWS alone writes. */
  learn(texts: readonly string[]): Promise<void>
}

/** @param question whose words its asker knows */
export function vocabularyOf(queries: AgentQueries, question: string): Vocabulary {
  const known = new Set<string>(OWN)
  for (const word of question.match(/[^\s"'`,;?!()]+/g) ?? []) known.add(word.replace(/[.:]+$/, ''))
  const asked = new Set<string>()
  let tables: Promise<ReadonlySet<string>> | undefined

  return {
    has(text) {
      if (known.has(text)) return true
      // `ssm:StartSession`, as questions write it: a service of AWS and one of its calls.
      const [, service, name] = /^([a-z0-9-]+):([A-Za-z0-9]+)$/.exec(text) ?? []
      if (service === undefined || name === undefined) return false
      return known.has(`${service}.amazonaws.com`) && known.has(name)
    },
    async learn(texts) {
      const parts = texts.flatMap((text) => {
        const [, service, name] = /^([a-z0-9-]+):([A-Za-z0-9]+)$/.exec(text) ?? []
        return service === undefined || name === undefined ? [text] : [`${service}.amazonaws.com`, name]
      })
      const wanted = [...new Set(parts)].filter(
        (text) => !asked.has(text) && !known.has(text) && !isHarmless(text),
      )
      const some = wanted.slice(0, MAX)
      if (some.length === 0) return
      for (const text of some) asked.add(text)
      tables ??= queries.tables().then((all) => new Set(all.map(({ name }) => name)))
      const there = await tables
      const selects = COLUMNS.flatMap(({ table, column, where, form }) => {
        const fitting = some.filter((text) => form?.test(text) ?? true)
        if (fitting.length === 0 || !there.has(table)) return []
        const more = where === undefined ? '' : ` and ${where}`
        return [
          `select distinct ${column} as word from ${table} where ${column} in (select unnest(${list(fitting)}))${more}`,
        ]
      })
      if (selects.length === 0) return
      // Bound by `list`, which quotes.
      for (const [word] of await queries.rows(selects.join('\nunion\n')))
        if (typeof word === 'string') known.add(word)
    },
  }
}
