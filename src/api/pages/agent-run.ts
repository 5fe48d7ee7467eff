import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { notFound } from '../problem.ts'

interface Run {
  id: string
  question: string | null
  /** Claims as JSON. */
  answer: string | null
}

interface Claim {
  template: string
  verdict: string
  why: string
  evidence: { result: string; rows: number[] }[]
}

interface Step {
  input: string | null
  said: string | null
  sql: string | null
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

export async function agentRunOf(
  { id, unmask }: { id: string; unmask: boolean },
  context: Context,
): Promise<Answer> {
  const show = showing(context, unmask)
  const [found] = await context.objects<Run>(sql(url('agent-run')), { id })
  if (!found) throw notFound()
  // Steps have no owner of their own: a reader who sees the run sees its steps.
  const steps = await context.readAll<Step>(context.version, sql(url('agent-steps')), { id })
  const { question, answer, ...run } = found
  const claims = JSON.parse(answer ?? '[]') as Claim[]
  const shown = (text: string | null) => (text === null ? null : show(text, 'user').text)
  return {
    kind: 'json',
    seen: { rows: steps.length + 1, about: id, unmasked: unmask },
    value: {
      version: context.version.number,
      run: { ...run, question: shown(question) ?? '' },
      claims: claims.map(({ template, verdict, why, evidence }) => ({
        text: show(template, 'answer').text,
        verdict,
        why: show(why, 'answer').text,
        evidence,
      })),
      steps: steps.map((step) => ({
        ...step,
        input: shown(step.input),
        said: shown(step.said),
        sql: shown(step.sql),
      })),
    },
  }
}
