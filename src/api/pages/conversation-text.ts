import { sql } from '../../lib/sql.ts'
import type { TextRole } from '../../scan/index.ts'
import { answerOf, messageOf } from '../chat.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { notFound } from '../problem.ts'

interface Input {
  requestid: string
  of: 'system' | 'message' | 'answer' | 'input_body' | 'output_body'
  message: number
  part: number
  from: number
  unmask: boolean
}

const STRETCH = 65_536

export async function conversationTextOf(input: Input, context: Context): Promise<Answer> {
  const show = showing(context, input.unmask)
  const [row] = await context.objects<{ text: string | null; completion: string | null }>(
    sql(new URL('../sql/call-text.sql', import.meta.url)),
    { requestid: input.requestid, of: input.of, message: input.message },
  )
  if (!row) throw notFound()
  const whole = textOf(input, row)
  if (whole === undefined) throw notFound()
  const shown = show(whole, roleOf(input), { from: input.from, to: input.from + STRETCH })
  return {
    kind: 'json',
    seen: { rows: 1, about: input.requestid, unmasked: input.unmask },
    value: {
      version: context.version.number,
      ...shown,
      from: Math.min(input.from, shown.length),
    },
  }
}

function textOf(
  { of, part }: Input,
  { text, completion }: { text: string | null; completion: string | null },
) {
  if (text === null) return undefined
  if (of === 'message') return messageOf(JSON.parse(text)).parts[part]?.text
  if (of === 'answer')
    return answerOf(JSON.parse(text))[part]?.text ?? (part === 0 ? (completion ?? undefined) : undefined)
  return text
}

function roleOf({ of }: Input): TextRole {
  if (of === 'system') return 'system'
  return of === 'answer' || of === 'output_body' ? 'answer' : 'user'
}
