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

/** A policy of a resource; an empty one where there is none. Throws where it is no JSON. */
export function policyOf(text: string | undefined): PolicyDocument {
  if (text === undefined || text.trim() === '') return { Version: '2012-10-17', Statement: [] }
  const { Statement: told, ...rest } = JSON.parse(text) as { Statement?: Statement | Statement[] }
  return { ...rest, Statement: told === undefined ? [] : [told].flat() }
}

/** Whether one of our names is among a statement's: `*` and `?` stand for anything, as in IAM. */
function matches(patterns: string | string[] | undefined, name: string): boolean {
  return [patterns ?? []].flat().some((pattern) => {
    const form = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${form}$`, 'i').test(name)
  })
}

/** What a sender is let to do, and from where. */
export interface Sender {
  /** `s3.amazonaws.com` */
  service: string
  /** `sqs:SendMessage` */
  action: string
  /** The ARN of what it sends for: a bucket, a topic, a rule. */
  source: string
  account?: string | undefined
}

/** Whether a policy lets a service do something for a source; and whether it lets it do that for everybody's. */
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

/** Conditions on where it comes from hold; others are not known here, and are taken to hold. */
function holds(statement: Statement, { source, account }: Sender): boolean {
  const arns = sourcesOf(statement, 'aws:sourcearn')
  const accounts = sourcesOf(statement, 'aws:sourceaccount')
  if (arns && !matches(arns, source)) return false
  return !(accounts && account !== undefined && !matches(accounts, account))
}

/** Of statements that deny, only those without conditions, or on the source, are known to strike. */
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

/** What a statement's conditions say of a key, whatever compares it. */
function sourcesOf({ Condition = {} }: Statement, wanted: string): string[] | undefined {
  const found = Object.entries(Condition).flatMap(([operator, keys]) =>
    /^(Arn|String)(Equals|Like)/.test(operator)
      ? Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === wanted ? [values].flat() : []))
      : [],
  )
  return found.length === 0 ? undefined : found
}

/** The buckets (or topics) that a policy names as places that may send. */
export function sourceArns({ Statement }: PolicyDocument): string[] {
  return Statement.flatMap((one) => sourcesOf(one, 'aws:sourcearn') ?? [])
}

/** The same policy with another statement, in place of the one of that `Sid`. */
export function withStatement(policy: PolicyDocument, statement: Statement): string {
  const others = policy.Statement.filter(({ Sid }) => Sid === undefined || Sid !== statement.Sid)
  return JSON.stringify({ Version: '2012-10-17', ...policy, Statement: [...others, statement] })
}
