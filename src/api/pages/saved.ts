import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { notFound, Problem } from '../problem.ts'
import { runsIt } from '../rights.ts'
import type { SavedQuestion } from '../saved.ts'

function shown({ owner, ...question }: SavedQuestion, { reader }: Context) {
  return { ...question, mine: owner.subject === reader.subject, owner: owner.name }
}

export async function savedList(_: object, context: Context): Promise<Answer> {
  const questions = await context.saved.of(context.reader.subject)
  return { kind: 'json', value: { questions: questions.map((one) => shown(one, context)) } }
}

interface Input {
  name: string
  sql: string
  parameters: Record<string, string | null>
  shared: boolean
}

export async function savedSaveOf(input: Input, context: Context): Promise<Answer> {
  const { subject, name } = context.reader
  const question = await context.saved.save({
    ...input,
    owner: { subject, name },
    saved: context.now().toISOString(),
  })
  if (!question)
    throw new Problem(409, 'Too many', 'You have saved as many questions as one may: remove one first.')
  return { kind: 'json', value: shown(question, context), seen: { about: `saved:${question.id}` } }
}

export async function savedRemoveOf({ id }: { id: string }, context: Context): Promise<Answer> {
  const { reader, saved } = context
  if (!(await saved.remove(reader.subject, id, runsIt(reader)))) throw notFound()
  return { kind: 'json', value: { removed: true }, seen: { about: `saved:${id}` } }
}
