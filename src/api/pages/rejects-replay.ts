import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

interface Input {
  ids?: string[] | undefined
  code?: string | undefined
  object?: string | undefined
  dry_run: boolean
}

export async function rejectsReplayOf({ dry_run, ...chosen }: Input, context: Context): Promise<Answer> {
  const value = await context.replayRejects(chosen, dry_run)
  return { kind: 'json', value, seen: { rows: value.replayed } }
}
