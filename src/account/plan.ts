import type { Finding, Place, StepContext, Wanted } from './contract.ts'
import { type Cost, costOf, type Numbers } from './cost/cost.ts'
import { type Change, changesOf, findStack, type Stack } from './deploy.ts'
import { bucketIsThere, type Found, lookAround } from './look.ts'
import { newLakeBucket, newLogBucket } from './names.ts'
import { completed, conditionHolds, type Made, madeBy } from './stack/evaluate.ts'
import { statements } from './stack/parts/role.ts'
import { steps } from './steps/index.ts'
import { type Choices, wantedOf } from './wanted.ts'

/** All that would be done, before anything is. */
export interface Plan {
  account: string
  region: string
  caller: string
  stack: string
  /** The stack that is there, with what would change; none where it is new. */
  there: { status: string; changes: readonly Change[] } | undefined
  wanted: Wanted
  found: Found
  /** What to know before one says yes. */
  notes: readonly string[]
  resources: readonly Made[]
  steps: readonly Finding[]
  /** What the worker may do, and why. */
  worker: readonly { why: string; actions: readonly string[] }[]
  /** What whoever runs `apply` needs besides CloudFormation's own permissions. */
  needed: readonly string[]
  cost: Cost
}

export interface PlanOptions {
  assume?: Numbers
  price?: Numbers
}

/** Looks at the account and says what would be made; it makes nothing. */
export async function plan(
  place: Place,
  choices: Choices,
  { assume = {}, price = {} }: PlanOptions = {},
): Promise<Plan> {
  const found = await lookAround(place)
  const wanted = wantedOf(choices, place, found.detector)
  const all = completed(wanted.parameters)
  const stack = await findStack(place, wanted.stack)
  const context = contextOf(place, wanted, stack)
  const isThere = stack !== undefined && stack.status !== 'REVIEW_IN_PROGRESS'
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
    notes,
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
    cost: costOf(wanted.parameters, assume, price),
  }
}

export function contextOf(place: Place, wanted: Wanted, stack: Stack | undefined): StepContext {
  return { ...place, wanted, outputs: stack?.outputs ?? {} }
}

export async function lookAtSteps(context: StepContext): Promise<Finding[]> {
  return (await Promise.all(steps.map((step) => step.look(context)))).flat()
}

async function notesOf(
  place: Place,
  wanted: Wanted,
  found: Found,
  stack: Stack | undefined,
): Promise<string[]> {
  const all = completed(wanted.parameters)
  const notes: string[] = []
  const others = found.trails.filter(({ name, multiRegion }) => multiRegion && name !== wanted.stack)
  const [other] = others
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
        notes.push(
          `s3://${bucket} is there, as an earlier stack left it: it is taken up again with what is in it`,
        )
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
