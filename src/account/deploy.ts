import { setTimeout as wait } from 'node:timers/promises'
import { type CloudFormation, cloudformationOf } from '../aws/cloudformation.ts'
import { awsError, saidBy } from '../aws/errors.ts'
import { LakeError, UserError } from '../lib/errors.ts'
import type { Place } from './contract.ts'
import { completed, type Parameters } from './stack/evaluate.ts'
import { templateJson } from './stack/index.ts'

/** A stack in CloudFormation. */
export interface Stack {
  name: string
  status: string
  reason: string | undefined
  parameters: Record<string, string>
  outputs: Record<string, string>
}

/** A resource that a change set would add, change or remove. */
export interface Change {
  id: string
  type: string
  action: string
  /** Whether it is replaced by a new one: its content is lost, unless it is retained. */
  replaced: boolean
}

/** CloudFormation's limit for a template in a request; a larger one must be in a bucket. */
const MAX_BYTES = 51_200
const POLL_MS = 2_000
const CAPABILITIES = ['CAPABILITY_NAMED_IAM' as const]

/** The stack with this name; undefined when there is none, or it was never created. */
export async function findStack({ clients }: Place, StackName: string): Promise<Stack | undefined> {
  const cloudformation = await cloudformationOf(clients)
  const found = await cloudformation.describeStacks({ StackName }).catch((thrown) => {
    if (/does not exist/i.test(String(thrown?.message))) return undefined
    throw awsError('look up the stack', StackName, thrown)
  })
  const stack = found?.Stacks?.[0]
  if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return undefined
  return {
    name: StackName,
    status: stack.StackStatus ?? '?',
    reason: stack.StackStatusReason,
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [
        ParameterKey,
        ParameterValue,
      ]),
    ),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  }
}

/**
 * The changes that new parameters, or a newer template, would make to a stack; the temporary change set is
 * deleted.
 */
export async function changesOf(place: Place, stack: Stack, parameters: Parameters): Promise<Change[]> {
  const made = await makeChangeSet(place, stack.name, 'UPDATE', parameters)
  const cloudformation = await cloudformationOf(place.clients)
  await cloudformation
    .deleteChangeSet({ StackName: stack.name, ChangeSetName: made.id })
    .catch(() => undefined)
  return made.changes
}

/**
 * Creates or updates the stack through a change set, and waits until it is done. On failure, the error names
 * the first resource that failed.
 *
 * @param told called for each resource as it changes
 */
export async function deploy(
  place: Place,
  name: string,
  parameters: Parameters,
  told: (line: string) => void,
): Promise<Stack> {
  const before = await findStack(place, name)
  const isNew = before === undefined || before.status === 'REVIEW_IN_PROGRESS'
  if (before?.status === 'ROLLBACK_COMPLETE')
    throw new UserError(
      `the stack ${name} failed when it was first made, and CloudFormation takes no change of such a one\n  way out: loglake aws destroy --stack ${name}, then apply again`,
    )
  if (before && /IN_PROGRESS$/.test(before.status) && !isNew)
    throw new UserError(`the stack ${name} is being changed (${before.status}): run again when that is done`)
  const made = await makeChangeSet(place, name, isNew ? 'CREATE' : 'UPDATE', parameters)
  const seen = await eventsSoFar(place, name)
  const cloudformation = await cloudformationOf(place.clients)
  if (made.changes.length === 0 && !isNew) {
    await cloudformation.deleteChangeSet({ StackName: name, ChangeSetName: made.id }).catch(() => undefined)
    told(`the stack ${name} is as wanted`)
    return before
  }
  await cloudformation
    .executeChangeSet({ StackName: name, ChangeSetName: made.id })
    .catch((thrown) => Promise.reject(awsError('change the stack', name, thrown)))
  return await settled(place, name, seen, told)
}

/** Deletes the stack, and waits until it is gone. Buckets and key stay: that is their deletion policy. */
export async function remove(place: Place, name: string, told: (line: string) => void): Promise<void> {
  const cloudformation = await cloudformationOf(place.clients)
  const seen = await eventsSoFar(place, name)
  await cloudformation
    .deleteStack({ StackName: name })
    .catch((thrown) => Promise.reject(awsError('delete the stack', name, thrown)))
  await settled(place, name, seen, told).catch((thrown) => {
    if (thrown instanceof Gone) return
    throw thrown
  })
}

class Gone extends Error {
  override name = 'Gone'
}

async function makeChangeSet(
  { clients }: Place,
  StackName: string,
  ChangeSetType: 'CREATE' | 'UPDATE',
  given: Parameters,
): Promise<{ id: string; changes: Change[] }> {
  const TemplateBody = templateJson()
  if (Buffer.byteLength(TemplateBody) > MAX_BYTES)
    throw new Error(`the template has more than ${MAX_BYTES} bytes`)
  const cloudformation = await cloudformationOf(clients)
  const ChangeSetName = `loglake-${Date.now()}`
  await cloudformation
    .createChangeSet({
      StackName,
      ChangeSetName,
      ChangeSetType,
      TemplateBody,
      Capabilities: CAPABILITIES,
      // Imports a bucket that an earlier stack left.
      ...(ChangeSetType === 'CREATE' ? { ImportExistingResources: true } : {}),
      Parameters: Object.entries(completed(given)).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: [{ Key: 'loglake', Value: StackName }],
    })
    .catch((thrown) => Promise.reject(awsError('make a change set of the stack', StackName, thrown)))
  for (;;) {
    const found = await described(cloudformation, StackName, ChangeSetName)
    if (found.status === 'CREATE_COMPLETE') return { id: ChangeSetName, changes: found.changes }
    if (found.status === 'FAILED') {
      if (/didn't contain changes|no updates are to be performed/i.test(found.reason))
        return { id: ChangeSetName, changes: [] }
      await cloudformation.deleteChangeSet({ StackName, ChangeSetName }).catch(() => undefined)
      throw new UserError(`CloudFormation refuses the stack ${StackName}: ${found.reason}`)
    }
    await wait(POLL_MS)
  }
}

async function described(cloudformation: CloudFormation, StackName: string, ChangeSetName: string) {
  const changes: Change[] = []
  let NextToken: string | undefined
  let status = ''
  let reason = ''
  do {
    const page = await cloudformation
      .describeChangeSet({ StackName, ChangeSetName, ...(NextToken === undefined ? {} : { NextToken }) })
      .catch((thrown) => Promise.reject(awsError('read a change set of the stack', StackName, thrown)))
    status = page.Status ?? ''
    reason = page.StatusReason ?? ''
    for (const { ResourceChange: change } of page.Changes ?? [])
      changes.push({
        id: change?.LogicalResourceId ?? '?',
        type: change?.ResourceType ?? '?',
        action: change?.Action ?? '?',
        replaced: change?.Replacement === 'True',
      })
    NextToken = page.NextToken
  } while (NextToken)
  return { status, reason, changes }
}

/** Waits until CloudFormation is done with a stack, reporting each resource once. */
async function settled(
  place: Place,
  name: string,
  seen: Set<string>,
  told: (line: string) => void,
): Promise<Stack> {
  const failures: string[] = []
  for (;;) {
    const stack = await findStack(place, name)
    for (const event of await eventsOf(place, name)) {
      const {
        EventId = '',
        LogicalResourceId: id = '',
        ResourceStatus: status = '',
        ResourceStatusReason: reason,
      } = event
      if (seen.has(EventId)) continue
      seen.add(EventId)
      if (/FAILED$/.test(status) && !/cancelled/i.test(reason ?? ''))
        failures.push(`${id}: ${reason ?? status}`)
      if (id !== name && !/IN_PROGRESS$/.test(status))
        told(`${status.toLowerCase().replaceAll('_', ' ')}  ${id}`)
    }
    if (!stack) throw new Gone(name)
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)) return stack
    if (!/_IN_PROGRESS$/.test(stack.status)) {
      const first = failures[0] ?? stack.reason ?? 'CloudFormation does not say why'
      throw new LakeError(`the stack ${name} ended as ${stack.status}: ${first}`, {
        file: `stack ${name}`,
        remedy: wayOut(first),
      })
    }
    await wait(POLL_MS)
  }
}

async function eventsSoFar(place: Place, name: string): Promise<Set<string>> {
  return new Set((await eventsOf(place, name)).map(({ EventId = '' }) => EventId))
}

/** A stack's events, the oldest first. One page has the last hundred: no more occur between two polls. */
async function eventsOf({ clients }: Place, StackName: string) {
  const cloudformation = await cloudformationOf(clients)
  const { StackEvents = [] } = await cloudformation.describeStackEvents({ StackName }).catch((thrown) => {
    if (/does not exist/i.test(saidBy(thrown))) return { StackEvents: [] }
    throw awsError('read the events of the stack', StackName, thrown)
  })
  return StackEvents.slice().reverse()
}

/** The most frequent causes of these failures, and the remedy. */
function wayOut(failure: string): string {
  if (/already (exists|owned)|BucketAlready/i.test(failure))
    return 'something of that name is there already: another stack name (--stack), or give the bucket by name (--log-bucket, --lake-bucket)'
  if (/destination configurations/i.test(failure))
    return 'S3 could not send to the queue: the queue policy or the key policy has changed meanwhile; run again'
  if (/explicit deny.*service control policy/i.test(failure))
    return 'a service control policy of the organisation forbids it: ask the administrator of the organisation'
  if (/not authorized|AccessDenied|access denied/i.test(failure))
    return 'your identity lacks that permission: `loglake aws plan` lists the permissions that it needs'
  if (/limit|quota|maximum number/i.test(failure))
    return 'a quota of the account is used up: raise it in Service Quotas'
  return 'the events of the stack in the console of CloudFormation have every resource; what was made is rolled back'
}
