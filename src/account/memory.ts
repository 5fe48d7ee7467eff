import { awsError } from '../aws/errors.ts'
import { ssmOf } from '../aws/ssm.ts'
import { UserError } from '../lib/errors.ts'
import type { Memory, StepContext } from './contract.ts'

/**
 * What was there before a step was taken, as parameters of Systems Manager (`/loglake/<stack>/<step>/<place>`): in the account, where whoever takes
 * it back finds it. A parameter is written before the step is taken, and removed after it is taken back.
 */
export interface Remembered {
  step: string
  place: string
  memory: Memory
}

/** A parameter has no more characters. */
const MOST = 8192

function nameOf({ wanted }: StepContext, step: string, place: string): string {
  // ARNs have colons, which names of parameters have not.
  return `/loglake/${wanted.stack}/${step}/${place.replaceAll(/[^\w./-]/g, '_')}`
}

/** Remembers what is there, unless something is remembered already: the first memory is that of the time before us. */
export async function remember(
  context: StepContext,
  step: string,
  place: string,
  memory: Memory,
): Promise<void> {
  const ssm = await ssmOf(context.clients)
  const Name = nameOf(context, step, place)
  const Value = JSON.stringify({ step, place, memory })
  if (Value.length > MOST)
    throw new UserError(
      `what ${place} has is too long to be remembered (${Value.length} characters of ${MOST}): take this step by hand`,
    )
  await ssm
    .putParameter({
      Name,
      Value,
      Type: 'String',
      Tier: Value.length > 4096 ? 'Advanced' : 'Standard',
      Overwrite: false,
      Description: 'What was there before loglake changed it; loglake aws destroy puts it back',
    })
    .catch((thrown) => {
      if (thrown?.name === 'ParameterAlreadyExists') return
      throw awsError('remember what is there', Name, thrown)
    })
}

/** All that is remembered of a stack, the newest last. */
export async function memories(context: StepContext): Promise<Remembered[]> {
  const ssm = await ssmOf(context.clients)
  const found: Remembered[] = []
  let NextToken: string | undefined
  do {
    const page = await ssm
      .getParametersByPath({
        Path: `/loglake/${context.wanted.stack}`,
        Recursive: true,
        ...(NextToken ? { NextToken } : {}),
      })
      .catch((thrown) =>
        Promise.reject(awsError('read what is remembered', `/loglake/${context.wanted.stack}`, thrown)),
      )
    for (const { Value } of page.Parameters ?? []) found.push(JSON.parse(Value ?? '{}') as Remembered)
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

export async function forget(context: StepContext, step: string, place: string): Promise<void> {
  const ssm = await ssmOf(context.clients)
  await ssm.deleteParameter({ Name: nameOf(context, step, place) }).catch((thrown) => {
    if (thrown?.name !== 'ParameterNotFound') throw thrown
  })
}
