import { z } from 'zod'
import { parseSize, SIZE } from './size.ts'
import { parseTimestamp } from './timestamp.ts'

/** The value types of a configuration; the message of each says what is expected. */
export function text(doc: string) {
  const wanted = 'a text is wanted'
  return z.string(wanted).min(1, wanted).describe(doc)
}

/** A text in the form that `wanted` describes. */
export function textLike(form: RegExp, wanted: string, doc: string) {
  return z.string(wanted).regex(form, wanted).describe(doc)
}

export function whole(least: number, doc: string) {
  const wanted = `a whole number of at least ${least} is wanted`
  return z.int(wanted).min(least, wanted).describe(doc)
}

export function yesNo(doc: string) {
  return z.boolean('true or false is wanted').describe(doc)
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names, doc: string) {
  return z.enum(names, { error: `one of ${names.join(', ')} is wanted` }).describe(doc)
}

export function size(doc: string) {
  const wanted = 'a size is wanted, as in 512MiB'
  return z
    .union([z.int(wanted).min(1, wanted), z.string(wanted).regex(SIZE, wanted)], wanted)
    .transform((value, context) => {
      const bytes = parseSize(String(value))
      if (bytes !== undefined) return bytes
      context.addIssue({ code: 'custom', message: wanted })
      return z.NEVER
    })
    .describe(doc)
}

export function patterns(doc: string) {
  const wanted = 'a list of patterns is wanted, as in ["**/us-east-1/**"]'
  return z.array(z.string(wanted).min(1, wanted), wanted).describe(doc)
}

export function names(doc: string) {
  const wanted = 'a list of names is wanted'
  return z.array(z.string(wanted).min(1, wanted), wanted).describe(doc)
}

export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, doc: string) {
  return z.strictObject(shape, 'keys and values are wanted').describe(doc)
}

/** A time as a person writes it. It is computed at each use, since `7d` depends on the clock. */
export function timestamp(doc: string) {
  const wanted = 'a time is wanted, as in 2026-01-07, 2026-01-07T22:00:00Z or 7d'
  return z
    .string(wanted)
    .refine((value) => parseTimestamp(value, 0) !== undefined, wanted)
    .describe(doc)
}
