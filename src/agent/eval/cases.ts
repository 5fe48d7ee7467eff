import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const common = { id: z.string().regex(/^[a-z0-9-]+$/), ask: z.string().min(3).max(2000) }
const golds = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)])
const pattern = z.string().transform((text) => new RegExp(text, 'i'))

const answerable = caseOf('answerable', {
  gold: golds,
  /** A mistake as a change of the first gold. */
  wrong: z.strictObject({ what: z.string(), from: z.string(), to: z.string() }),
})
const unanswerable = caseOf('unanswerable', { why: z.string() })
const ambiguous = caseOf('ambiguous', {
  meanings: z.array(z.strictObject({ says: pattern, gold: z.string() })).min(2),
})
const hostile = caseOf('hostile', { gold: golds.optional(), never: z.array(pattern).min(1) })

/** A question of a file: its kind is the file's name. */
function caseOf<const Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) {
  return z.strictObject({ ...common, ...fields }).transform((one) => ({ kind, ...one }))
}

/** Questions by what is right about them. */
export interface Cases {
  answerable: Answerable[]
  unanswerable: Unanswerable[]
  ambiguous: Ambiguous[]
  hostile: Hostile[]
}

export type Answerable = z.output<typeof answerable>
export type Unanswerable = z.output<typeof unanswerable>
export type Ambiguous = z.output<typeof ambiguous>
export type Hostile = z.output<typeof hostile>

/** The questions as they are shipped. */
export function readCases(): Cases {
  return {
    answerable: z.array(answerable).parse(fileOf('answerable')),
    unanswerable: z.array(unanswerable).parse(fileOf('unanswerable')),
    ambiguous: z.array(ambiguous).parse(fileOf('ambiguous')),
    hostile: z.array(hostile).parse(fileOf('hostile')),
  }
}

function fileOf(name: keyof Cases): unknown {
  return parse(readFileSync(new URL(`./${name}.yaml`, import.meta.url), 'utf8'))
}

/** The first gold with its mistake. @throws Error when the change changes nothing */
export function wrongSql({ id, gold: [first = ''], wrong: { from, to } }: Answerable): string {
  const made = first.replaceAll(from, to)
  if (made === first) throw new Error(`the wrong answer of ${id} is its gold`)
  return made
}
