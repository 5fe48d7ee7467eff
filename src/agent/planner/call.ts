import type { z } from 'zod'
import type { Tool, ToolCall, ToolResult } from '../../model/contract.ts'
import { ModelError } from '../../model/errors.ts'
import { Spent } from '../spending.ts'
import { toldError, tools } from '../tools.ts'
import type { PlannerStep, Run } from './contract.ts'

/** Characters of one message of a tool. */
const LONGEST = 12_000

/**
 * Runs the tool that the model called, and returns the result to it. A reached limit or a failing model ends
 * the run.
 */
export async function callTool(
  call: ToolCall,
  all: readonly Tool[],
  { bench, onStep }: Run,
): Promise<ToolResult> {
  const { id, name } = call
  const known = tools.find(({ tool }) => tool.name === name)
  const input = JSON.stringify(call.input) ?? ''
  const finish = (outcome: PlannerStep['outcome'], text: string): ToolResult => {
    const said = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… cut: use read.` : text
    onStep({
      kind: 'tool',
      tool: known?.tool.name ?? 'unknown',
      input: input.slice(0, 4000),
      outcome,
      said,
    })
    return { id, name, text: said }
  }
  if (!known)
    return finish('refused', `There is no such tool: there are ${all.map((one) => one.name).join(', ')}.`)
  if (call.fault !== undefined) return finish('refused', `Not run: ${call.fault}.`)
  const parsed = known.input.safeParse(call.input)
  if (!parsed.success) return finish('refused', `Not run: ${faultsIn(parsed.error)}.`)
  try {
    return finish('done', await known.run(parsed.data, bench))
  } catch (thrown) {
    if (thrown instanceof Spent || thrown instanceof ModelError) {
      finish('refused', thrown.message)
      throw thrown
    }
    return finish('refused', toldError(thrown, /[⟦⟧]|\\u27e[67]/i.test(input)))
  }
}

/** What is wrong with an input, in few words. */
export function faultsIn({ issues }: z.ZodError): string {
  const said = issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`)
  return said.join('; ').slice(0, 500)
}
