import { wildcard } from '../../lib/patterns.ts'

/** A policy document, as far as checks read it. */
export interface PolicyDocument {
  Version?: string
  Statement: Statement[]
  [other: string]: unknown
}

export interface Statement {
  Sid?: string
  Effect: 'Allow' | 'Deny'
  Principal?: '*' | Record<string, string | string[]>
  Action?: string | string[]
  Resource?: string | string[]
  Condition?: Record<string, Record<string, string | string[]>>
  [other: string]: unknown
}

/** A resource's policy; an empty one when it has none. Throws when it is not JSON. */
export function policyOf(text: string | undefined): PolicyDocument {
  if (text === undefined || text.trim() === '') return { Version: '2012-10-17', Statement: [] }
  const { Statement: told, ...rest } = JSON.parse(text) as { Statement?: Statement | Statement[] }
  return { ...rest, Statement: told === undefined ? [] : [told].flat() }
}

/**
 * Whether a statement's patterns match a name: `*` and `?` are wildcards, as in IAM; capitals are equal to
 * small letters.
 */
function matches(patterns: string | string[] | undefined, name: string): boolean {
  return [patterns ?? []].flat().some((pattern) => wildcard(pattern.toLowerCase(), '?')(name.toLowerCase()))
}

/** A service that sends, and the resource that it sends for. */
export interface Sender {
  /** `s3.amazonaws.com` */
  service: string
  /** `sqs:SendMessage` */
  action: string
  /** The ARN of the bucket, topic or rule that it sends for. */
  source: string
  account?: string | undefined
}

/**
 * Whether a policy allows a service an action for a source; and whether it allows it for every account's
 * sources.
 */
export function lets(policy: PolicyDocument, sender: Sender): 'yes' | 'from everywhere' | 'no' | 'denied' {
  const about = policy.Statement.filter(
    ({ Principal, Action }) => isPrincipal(Principal, sender.service) && matches(Action, sender.action),
  )
  if (about.some((one) => one.Effect === 'Deny' && denies(one, sender))) return 'denied'
  const allowed = about.filter((one) => one.Effect === 'Allow' && holds(one, sender))
  if (allowed.length === 0) return 'no'
  return allowed.some((one) => sourcesOf(one, 'aws:sourcearn') || sourcesOf(one, 'aws:sourceaccount'))
    ? 'yes'
    : 'from everywhere'
}

function isPrincipal(principal: Statement['Principal'], service: string): boolean {
  if (principal === '*') return true
  const { AWS, Service } = principal ?? {}
  return matches(Service, service) || [AWS ?? []].flat().includes('*')
}

/** Conditions on the source are evaluated; any others count as met. */
function holds(statement: Statement, { source, account }: Sender): boolean {
  const arns = sourcesOf(statement, 'aws:sourcearn')
  const accounts = sourcesOf(statement, 'aws:sourceaccount')
  if (arns && !matches(arns, source)) return false
  return !(accounts && account !== undefined && !matches(accounts, account))
}

/** A deny statement counts only when it has no conditions, or conditions on the source. */
function denies({ Condition = {} }: Statement, { source }: Sender): boolean {
  const conditions = Object.entries(Condition)
  if (conditions.length === 0) return true
  return conditions.some(([operator, keys]) =>
    Object.entries(keys).some(
      ([key, values]) =>
        /^(Arn|String)Not(Equals|Like)/.test(operator) &&
        key.toLowerCase() === 'aws:sourcearn' &&
        !matches(values, source),
    ),
  )
}

/** The values of a key in a statement's conditions, under any operator. */
function sourcesOf({ Condition = {} }: Statement, wanted: string): string[] | undefined {
  const found = Object.entries(Condition).flatMap(([operator, keys]) =>
    /^(Arn|String)(Equals|Like)/.test(operator)
      ? Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === wanted ? [values].flat() : []))
      : [],
  )
  return found.length === 0 ? undefined : found
}

/** The ARNs of buckets or topics that a policy names as sources. */
export function sourceArns({ Statement }: PolicyDocument): string[] {
  return Statement.flatMap((one) => sourcesOf(one, 'aws:sourcearn') ?? [])
}

/** The same policy with a statement that replaces the one with its `Sid`. */
export function withStatement(policy: PolicyDocument, statement: Statement): string {
  const others = policy.Statement.filter(({ Sid }) => Sid === undefined || Sid !== statement.Sid)
  return JSON.stringify({ Version: '2012-10-17', ...policy, Statement: [...others, statement] })
}
