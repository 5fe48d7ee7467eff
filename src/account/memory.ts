import { awsError } from '../aws/errors.ts'
import { ssmOf } from '../aws/ssm.ts'
import { UserError } from '../lib/errors.ts'
import type { Memory, StepContext } from './contract.ts'

/**
 * The state before a step, as parameters of Systems Manager (`/loglake/<stack>/<step>/<place>`): in the
 * account, so that any administrator can undo the step. A parameter is written before the step is taken, and
 * removed after it is undone.
 */
export interface Remembered {
  step: string
  place: string
  memory: Memory
}

/** Maximum length of a parameter. */
const MAX = 8192

function nameOf({ wanted }: StepContext, step: string, place: string): string {
  // ARNs contain colons, which parameter names do not allow.
  return `/loglake/${wanted.stack}/${step}/${place.replaceAll(/[^\w./-]/g, '_')}`
}

/**
 * Stores the current state. It replaces an older one: that is of an attempt that was cut off, or of a step
 * that others have undone since, and what it says may be long gone.
 */
export async function remember(
  context: StepContext,
  step: string,
  place: string,
  memory: Memory,
): Promise<void> {
  const ssm = await ssmOf(context.clients)
  const Name = nameOf(context, step, place)
  const Value = JSON.stringify({ step, place, memory })
  if (Value.length > MAX)
    throw new UserError(
      `what ${place} has is too long to be remembered (${Value.length} characters of ${MAX}): take this step by hand`,
    )
  const put = () =>
    ssm.putParameter({
      Name,
      Value,
      Type: 'String',
      Tier: Value.length > 4096 ? 'Advanced' : 'Standard',
      Overwrite: false,
      Description: 'What was there before loglake changed it; loglake aws destroy puts it back',
    })
  try {
    await put().catch(async (thrown) => {
      if (thrown?.name !== 'ParameterAlreadyExists') throw thrown
      // Not overwritten, because an advanced parameter cannot become a standard one.
      await forget(context, step, place)
      await put()
    })
  } catch (thrown) {
    throw awsError('store the state before a step', Name, thrown)
  }
}

/** All stored states of a stack, the newest last. */
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
        Promise.reject(awsError('read the stored states', `/loglake/${context.wanted.stack}`, thrown)),
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
