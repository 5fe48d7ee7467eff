import { awsError } from '../aws/errors.ts'
import { LakeError, sentence, UserError } from '../lib/errors.ts'
import type { Place, StepContext, Wanted } from './contract.ts'
import { deploy, type Stack } from './deploy.ts'
import { remember } from './memory.ts'
import { contextOf, lookAtSteps } from './plan.ts'
import { steps } from './steps/index.ts'

export interface Applied {
  stack: Stack
  /** What was done outside the stack, as sentences. */
  done: readonly string[]
  /** What was not done, with the reason. */
  left: readonly string[]
}

/**
 * Creates or updates the stack, then takes the open steps. Each step's previous state is stored before it is
 * taken.
 */
export async function apply(place: Place, wanted: Wanted, told: (line: string) => void): Promise<Applied> {
  const stack = await deploy(place, wanted.stack, wanted.parameters, told)
  const context = contextOf(place, wanted, stack)
  const done: string[] = []
  const left: string[] = []
  for (const { step: name, place: at, state, what, why } of await lookAtSteps(context)) {
    if (state === 'done') continue
    if (state !== 'open') {
      left.push(`${what}: ${why}`)
      continue
    }
    try {
      await takeStep(context, name, at)
      done.push(what)
      told(what)
    } catch (thrown) {
      left.push(`${what}: ${sentence(thrown)}`)
    }
  }
  return { stack, done, left }
}

async function takeStep(context: StepContext, name: string, at: string): Promise<void> {
  const step = steps.find((one) => one.name === name)
  if (!step) throw new Error(`no step ${name}`)
  try {
    await remember(context, name, at, await step.remember(context, at))
    await step.make(context, at)
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof LakeError) throw thrown
    throw awsError(step.title.toLowerCase(), at, thrown)
  }
}

/** A `loglake.yaml` that runs on the stack's resources. */
export function configurationOf({ outputs }: Stack, { region }: Place): string {
  const role = outputs.WorkerRole === undefined ? [] : [`role_arn: ${outputs.WorkerRole}`]
  const identity = `{${[...role, `region: ${region}`].join(', ')}}`
  return [
    `lake: ${outputs.Lake ?? './lake'}`,
    ...(outputs.Lake === undefined ? [] : ['storage:', `  identity: ${identity}`]),
    'sources:',
    '  account:',
    '    type: s3-queue',
    `    queue: ${outputs.Queue}`,
    `    identity: ${identity}`,
    '',
  ].join('\n')
}
