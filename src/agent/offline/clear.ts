import { isSame, saysNothing, wordsOf } from '../../claims/asked-words.ts'
import type { Findable } from './find.ts'
import { type Filled, isNeeded, untaken } from './parameters.ts'
import { kindOf, OF_ROWS, type Things, withoutValues } from './things.ts'

/** Facts about a question for the decision whether an entry answers it. */
export interface Meant {
  /** The question in English, without the times that it names. */
  text: string
  things: Things
  hasSpan: boolean
}

/**
 * Words that reverse a question: without them a query answers the opposite, and a ranking by words does not
 * notice. If a title has such a word, the question must cover the whole title.
 */
const ROUND =
  /\b(?:not|no|never|nobody|none|nothing|neither|nor|cannot|without|except|excluding|apart from|other than|besides|unless|instead|less|fewer|under|below|shorter|smaller|lower|least|fewest|at most|up to|still|yet|again|allowed|permitted|granted|only|just|alone|exclusively)\b|n['’]t\b|\b(?:turn|switch)\w*\s+(?:\S+\s+){0,3}(?:back\s+)?on\b/i

/**
 * Words for a count, or for one row of many: a list of rows does not answer them, unless its title has the
 * word.
 */
const OF_MANY =
  /\b(?:how many|how often|how long|number of|count|counts|average|mean|median|total|sum|share|percentage|proportion|ratio|trend|(?:first|last|latest|newest|oldest|earliest|next)(?! time\b)|(?:most|top|biggest|largest|highest|greatest|best|worst))\b/gi

/**
 * Times that were not read as a span, and units of them: a list of rows of all times is no answer to `per
 * week`.
 */
const OF_TIMES =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|yesterday|today|(?:minute|hour|day|week|month|quarter|year)s?|january|february|april|june|july|august|september|october|november|december)\b/gi

/** The question means one of many, without saying which. */
const PARTICULAR =
  /\b(?:the|that|this) (session|conversation|person|user|address|key|bucket|event|incident|run|role|instance|finding|job|endpoint|agent|model|alarm)\b(?!['’])/i

/** Things that are asked for besides rows, each with the words by which a title or its sentence covers it. */
const ASKED: readonly (readonly [form: RegExp, told: RegExp])[] = [
  [/^\W*when\b/i, /\bwhen\b/i],
  [/^\W*where\b/i, /\bwhere\b|\bfrom\b/i],
  [/\bwhy\b/i, /\bwhy\b|\breason\b/i],
  [/^\W*how (?!much\b)/i, /\bhow\b/i],
]

/** Why an entry does not answer a question, in words that follow its name; undefined when it does. */
export function unclearOf(
  { text, things, hasSpan }: Meant,
  entry: Findable,
  filled: Filled,
): string | undefined {
  const heads = [entry.title, entry.name.replaceAll(/[-_/]/g, ' ')]
  const missing = entry.question && isNeeded(entry.question, filled)
  if (missing) return `needs ${missing}, which the question does not name`

  const particular = PARTICULAR.exec(text)
  if (particular && Object.keys(filled.parameters).length === 0)
    return `is about any ${particular[1]}, and the question does not say which it means`
  const unsaid = ASKED.find(
    ([form, told]) => form.test(text.trim()) && !told.test(`${entry.title} ${entry.doc}`),
  )
  if (unsaid) return `does not say “${unsaid[0].exec(text.trim())?.[0].trim().toLowerCase()}”`

  const plain = withoutValues(kindOf(text, things))
  const asked = wordsOf(plain)
  const head = heads.find((one, at) => isAskedFor(one, asked, at > 0) && isRoundAs(one, plain))
  const round = ROUND.exec(plain)
  if (round && !head) return `is not the answer to a question with “${round[0].trim()}”`

  const told = new Set(heads.flatMap((one) => wordsOf(one)))
  const tells = (word: string) => [...told].some((one) => isSame(one, word))
  const left = untaken(things, filled, hasSpan, (word) => wordsOf(word).every(tells))
  if (left.length > 0) return `would tell of more than was asked: nothing in it takes ${left.join(', ')}`
  const untold = plain
    .replaceAll(/['’]s\b/g, '')
    .match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu)
    ?.filter((word) => /^\d/.test(word) || wordsOf(word).some((one) => !saysNothing(one) && !tells(one)))
  const many = [...plain.matchAll(OF_MANY)].map(([word]) => word)
  const times = [...plain.matchAll(OF_TIMES)].map(([word]) => word)
  const more = [
    ...(untold ?? []),
    ...times.filter(
      (word) => !heads.some((one) => new RegExp(`\\b${word.replace(/s$/, '')}s?\\b`, 'i').test(one)),
    ),
    ...many.filter((word) => !heads.some((one) => new RegExp(`\\b${word}\\b`, 'i').test(one))),
  ]
  if (more.length > 0) return `does not tell of ${[...new Set(more)].map((word) => `“${word}”`).join(', ')}`
  return head === undefined ? `is about more than the words of the question` : undefined
}

/**
 * Whether a question covers all that a title says; otherwise it is about something else. The last word of a
 * name is what its rows are: `new-model-callers` are callers, not models.
 */
function isAskedFor(head: string, asked: readonly string[], isName: boolean): boolean {
  const every = wordsOf(head)
  const words = every.filter((word, at) => !OF_ROWS.has(word) || (isName && at === every.length - 1))
  const all = words.length > 0 ? words : every
  return all.length > 0 && all.every((word) => asked.some((one) => isSame(word, one)))
}

/** Whether neither is reversed, or both are, the question by every such word of the title. */
function isRoundAs(head: string, asked: string): boolean {
  const [inHead, inAsked] = [ROUND.test(head), ROUND.test(asked)]
  if (!inHead || !inAsked) return inHead === inAsked
  const all = new Set(bare(asked))
  return bare(head).every((word) => all.has(word))
}

function bare(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .map((word) => word.replace(/(?<=..)s$/, ''))
    .filter((word) => !/^(?:a|an|the|that|who|which|does|do|did|had|ha|have|i|are|wa|were)$/.test(word))
}
