import type { Finding, Place, StepContext, Wanted } from './contract.ts'
import { type Cost, costOf, type Numbers } from './cost/cost.ts'
import { type Change, changesOf, findStack, type Stack } from './deploy.ts'
import { bucketIsThere, type Found, lookAround } from './look.ts'
import { newLakeBucket, newLogBucket } from './names.ts'
import { completed, conditionHolds, type Made, madeBy, type Parameters } from './stack/evaluate.ts'
import { statements } from './stack/parts/role.ts'
import { steps } from './steps/index.ts'
import { type Choices, DEFAULTS, keptOf, wantedOf } from './wanted.ts'

/** All changes that `apply` would make. */
export interface Plan {
  account: string
  region: string
  caller: string
  stack: string
  /** The existing stack, with its changes; undefined when it is new. */
  there: { status: string; changes: readonly Change[] } | undefined
  wanted: Wanted
  found: Found
  /** What a person should know before agreeing. */
  notes: readonly string[]
  resources: readonly Made[]
  steps: readonly Finding[]
  /** The worker's permissions, and their reasons. */
  worker: readonly { why: string; actions: readonly string[] }[]
  /** The permissions that `apply` needs besides CloudFormation's own. */
  needed: readonly string[]
  cost: Cost
}

export interface PlanOptions {
  assume?: Numbers
  price?: Numbers
}

/** Examines the account and lists what would be created; it creates nothing. */
export async function plan(
  place: Place,
  choices: Choices,
  { assume = {}, price = {} }: PlanOptions = {},
): Promise<Plan> {
  const found = await lookAround(place)
  const stack = await findStack(place, choices.stack)
  const isThere = stack !== undefined && stack.status !== 'REVIEW_IN_PROGRESS'
  const wanted = wantedOf(choices, place, found.detector, isThere ? stack.parameters : {})
  const all = completed(wanted.parameters)
  const context = contextOf(place, wanted, stack)
  const [changes, findings, notes] = await Promise.all([
    isThere && !/IN_PROGRESS$|^ROLLBACK/.test(stack.status) ? changesOf(place, stack, wanted.parameters) : [],
    lookAtSteps(context),
    notesOf(place, wanted, found, isThere ? stack : undefined),
  ])
  return {
    account: place.account,
    region: place.region,
    caller: place.caller,
    stack: wanted.stack,
    there: isThere ? { status: stack.status, changes } : undefined,
    wanted,
    found,
    notes: [...keptNote(choices, wanted, place, found, isThere ? stack.parameters : {}), ...notes],
    resources: madeBy(wanted.parameters),
    steps: findings,
    worker: conditionHolds('WorkerRole', all)
      ? statements
          .filter(({ condition }) => condition === undefined || conditionHolds(condition, all))
          .map(({ why, Action }) => ({ why, actions: Action }))
      : [],
    needed: [
      ...new Set(
        steps
          .filter(({ name }) => findings.some(({ step }) => step === name))
          .flatMap(({ actions }) => actions)
          .concat('ssm:DeleteParameter', 'ssm:GetParametersByPath', 'ssm:PutParameter'),
      ),
    ].sort(),
    cost: costOf(wanted.parameters, assume, price, otherTrails(wanted, found).length > 0),
  }
}

/** What the stack has of an earlier `apply`, where it is not what would be made without options. */
function keptNote(
  choices: Choices,
  { parameters }: Wanted,
  place: Place,
  { detector }: Found,
  earlier: Parameters,
): string[] {
  const plain = completed(wantedOf({ ...DEFAULTS, stack: choices.stack }, place, detector).parameters)
  const kept = Object.keys(keptOf(earlier, choices))
    .filter((name) => parameters[name] !== plain[name])
    .map((name) => `${name}=${parameters[name]}`)
  if (kept.length === 0) return []
  return [`kept from before: ${kept.join(', ')}. Give the option, or --set NAME=VALUE, to change one`]
}

export function contextOf(place: Place, wanted: Wanted, stack: Stack | undefined): StepContext {
  return { ...place, wanted, outputs: stack?.outputs ?? {} }
}

export async function lookAtSteps(context: StepContext): Promise<Finding[]> {
  return (await Promise.all(steps.map((step) => step.look(context)))).flat()
}

/** Existing trails of all Regions. */
function otherTrails(wanted: Wanted, { trails }: Found): Found['trails'] {
  return trails.filter(({ name, multiRegion }) => multiRegion && name !== wanted.stack)
}

async function notesOf(
  place: Place,
  wanted: Wanted,
  found: Found,
  stack: Stack | undefined,
): Promise<string[]> {
  const all = completed(wanted.parameters)
  const notes: string[] = []
  const [other] = otherTrails(wanted, found)
  if (other && conditionHolds('NewTrail', all))
    notes.push(
      `the trail ${other.name} records management events already (into s3://${other.bucket}): a second copy costs $2 for 100,000 events. To use that one: --trail ${other.name} --log-bucket ${other.bucket}`,
    )
  if (!stack) {
    const left = [
      ...(conditionHolds('NewLogBucket', all) ? [newLogBucket(wanted.stack, place)] : []),
      ...(conditionHolds('NewLakeBucket', all) ? [newLakeBucket(wanted.stack, place)] : []),
    ]
    for (const bucket of left)
      if (await bucketIsThere(place, bucket))
        notes.push(`s3://${bucket} exists from an earlier stack: the new stack imports it with its content`)
  }
  if (conditionHolds('NewLakeBucket', all) && conditionHolds('Lock', all))
    notes.push(
      `object lock cannot be taken back: no file of the lake can be removed for ${all.ObjectLockDays} days from when it is written, and the bucket not before the last of them`,
    )
  if (!conditionHolds('Fargate', all) && conditionHolds('Lake', all))
    notes.push(
      'nothing runs in the account: run `loglake run` yourself with the configuration that apply prints (docs/deploy.md)',
    )
  if (wanted.parameters.GuardDutyDetector === '')
    notes.push('GuardDuty is off in this Region, or its export is not wanted: no findings as files')
  return notes
}
