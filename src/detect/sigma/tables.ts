import { identifier } from '../../lib/sql.ts'
import { type Column, type Holds, kindsOf, type LogType } from '../../logtypes/contract.ts'
import type { Logsource } from '../contract.ts'

/** A table that rules can read, and the columns that its findings take. */
export interface SigmaTable {
  name: string
  /** The values of a rule's `logsource` that select it. */
  logsources: readonly Logsource[]
  columns: readonly Pick<Column, 'name' | 'type' | 'path'>[]
  id: string
  time: string
  /** A column with few distinct values that most rules name: rules are chosen by the values that occur. */
  gate?: string
  account?: string
  region?: string
  /** SQL over the table's columns. */
  actor?: string
  resource?: string
}

type OwnTable = Pick<SigmaTable, 'gate' | 'actor' | 'resource'> & {
  services: readonly string[]
  /** By column: its path in the record, where the log type reads it by itself. */
  paths?: Readonly<Record<string, string>>
}

/** Declarations for our own log types. `product: aws` goes with each service. */
const OURS: Readonly<Record<string, OwnTable>> = {
  cloudtrail: {
    services: ['cloudtrail'],
    gate: 'eventname',
    actor: 'coalesce(actor, useridentity_arn)',
    resource: 'sigma_first_arn(resources)',
  },
  bedrock_invocation: {
    services: ['bedrock_invocation', 'bedrock'],
    gate: 'operation',
    actor: 'identity_arn',
    resource: 'modelid',
  },
  sagemaker_invocation: {
    services: ['sagemaker_invocation'],
    resource: 'endpointname',
  },
  sagemaker_event: {
    services: ['sagemaker_event', 'sagemaker'],
    paths: { detail_type: 'detail-type' },
    gate: 'detail_type',
    actor: 'coalesce(userprofilename, rolearn)',
    resource: 'coalesce(resourcearn, resourcename)',
  },
  guardduty_finding: {
    services: ['guardduty_finding', 'guardduty'],
    gate: 'type',
    actor: 'coalesce(resource_accesskeydetails_username, resource_accesskeydetails_principalid)',
    resource:
      'coalesce(resource_instancedetails_instanceid, resource_accesskeydetails_accesskeyid, resource_resourcetype)',
  },
  cloudwatch_metric: {
    services: ['cloudwatch_metric'],
    gate: 'metric_name',
    resource: 'coalesce(endpointname, modelid, alarmname)',
  },
  cloudwatch_log: {
    services: ['cloudwatch_log'],
    resource: 'loggroup',
  },
  session_log: {
    services: ['session_log', 'ssm_session'],
    actor: 'coalesce(useridentity_arn, runasuser)',
    resource: 'target_id',
  },
}

/**
 * The tables of log types. A user's own type is `product: loglake`, with its name as the service, as every
 * other table is.
 */
export function sigmaTables(types: readonly LogType[]): SigmaTable[] {
  return types.map((type) => {
    const { services = [], paths = {}, ...told } = OURS[type.name] ?? {}
    const held = (what: Holds) => type.columns.find((column) => kindsOf(column).includes(what))?.name
    const account = held('account')
    const region = held('region')
    const person = type.columns.find((column) => column.type === 'string' && isPerson(column))?.name
    return {
      name: type.name,
      logsources: [
        ...services.map((service) => ({ product: 'aws', service })),
        { product: 'loglake', service: type.name },
      ],
      columns: [
        ...type.columns.map(({ name, type: kind, path = paths[name] }) => ({
          name,
          type: kind,
          ...(path === undefined ? {} : { path }),
        })),
        { name: 'unmapped', type: 'json' },
      ],
      id: type.id,
      time: type.time,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
      ...(person === undefined ? {} : { actor: identifier(person) }),
      ...told,
    }
  })
}

/** A column that identifies a person, in contrast to a text that mentions people. */
function isPerson(column: Column): boolean {
  return column.text === undefined && kindsOf(column).includes('person')
}

/** The table that a logsource selects. Undefined when loglake has none for it. */
export function tableFor(
  tables: readonly SigmaTable[],
  { product, service, category }: Logsource,
): SigmaTable | undefined {
  if (category !== undefined) return undefined
  return tables.find(({ logsources }) =>
    logsources.some((one) => one.product === product && one.service === service),
  )
}
