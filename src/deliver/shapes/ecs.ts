/**
 * Elastic Common Schema 9.4 (elastic.co/docs/reference/ecs): nested objects; columns without a field become
 * texts in `labels`.
 */
import { isIP } from 'node:net'
import type { Row } from '../redact.ts'
import { each, type Shape } from './contract.ts'
import { given, text, whole } from './ocsf/event.ts'

const ECS_VERSION = '9.4.0'

export const ecs: Shape = {
  name: 'ecs',
  doc: 'A document of the Elastic Common Schema; columns without a field are in `labels`, as texts.',
  whyNot: () => undefined,
  async open({ table }) {
    const [id = 'id'] = table.key ?? []
    const time = table.time ?? 'lake_ingested_at'
    return each((row) => documentOf(row, { table: table.name, id, time }))
  },
}

interface RowColumns {
  table: string
  id: string
  time: string
}

function documentOf(row: Row, { table, id, time }: RowColumns): object {
  const taken = new Set<string>([id, time, 'lake_day', 'lake_ingested_at'])
  // Takes the first column with a value; the others stay for the labels.
  const take = (...columns: string[]) => {
    const found = columns.find((name) => text(row[name]) !== undefined)
    if (found === undefined) return undefined
    taken.add(found)
    return text(row[found])
  }
  const takeWhole = (column: string) => {
    const value = whole(row[column])
    if (value !== undefined) taken.add(column)
    return value
  }
  const { kind, failure, model } = KINDS[table] ?? {}
  const failed = take('errorcode')
  const address = take('sourceipaddress', 'remoteip')
  const document = {
    '@timestamp': row[time] ?? row.lake_ingested_at,
    ecs: { version: ECS_VERSION },
    event: given({
      id: text(row[id]),
      ...(kind ?? { kind: 'event' }),
      dataset: `loglake.${table}`,
      action: take('eventname', 'operation', 'type'),
      provider: take('eventsource'),
      outcome: failed !== undefined ? 'failure' : failure === true ? 'success' : undefined,
      ingested: text(row.lake_ingested_at),
    }),
    cloud: given({
      provider: 'aws',
      region: take('awsregion', 'region'),
      account: object({ id: take('recipientaccountid', 'accountid', 'account_id', 'account', 'owner') }),
    }),
    user: object({
      name: take('useridentity_username', 'identity_session', 'actor'),
      id: take('useridentity_principalid', 'identity_arn', 'useridentity_arn'),
    }),
    source: address === undefined ? undefined : isIP(address) > 0 ? { address, ip: address } : { address },
    user_agent: object({ original: take('useragent') }),
    error: object({ code: failed, message: take('errormessage') }),
    gen_ai:
      model === undefined
        ? undefined
        : given({
            system: model,
            request: object({ model: take('model', 'modelid') }),
            usage: object({
              input_tokens: takeWhole('input_tokens'),
              output_tokens: takeWhole('output_tokens'),
            }),
          }),
    rule: object({ id: take('rule'), version: take('rule_version') }),
    log: object({ file: object({ path: take('lake_object') }) }),
    message: take('title', 'message'),
  }
  const labels = Object.entries(row)
    .filter(([name]) => !taken.has(name))
    .map(([name, value]) => [name, String(value)])
  return given({ ...document, labels: labels.length === 0 ? undefined : Object.fromEntries(labels) })
}

interface Kind {
  kind: { kind: string; category?: readonly string[]; type?: readonly string[] }
  /** Whether its rows report failures: then a row without an error is a success. */
  failure?: boolean
  /** The service that runs the model of a call. */
  model?: string
}

const CALL = { kind: 'event', category: ['api'], type: ['info'] }

const KINDS: Readonly<Record<string, Kind>> = {
  cloudtrail: { kind: CALL, failure: true },
  bedrock_invocation: { kind: CALL, failure: true, model: 'aws.bedrock' },
  sagemaker_invocation: { kind: CALL, failure: true, model: 'aws.sagemaker' },
  guardduty_finding: { kind: { kind: 'alert', category: ['threat'], type: ['indicator'] } },
  finding: { kind: { kind: 'alert', category: ['intrusion_detection'], type: ['info'] } },
  cloudwatch_metric: { kind: { kind: 'metric' } },
  session_log: { kind: { kind: 'event', category: ['session'], type: ['info'] } },
}

function object(fields: Record<string, unknown>): object | undefined {
  const kept = given(fields)
  return Object.keys(kept).length === 0 ? undefined : kept
}
