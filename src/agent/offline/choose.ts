import { asSaid } from '../../claims/asked-words.ts'
import type { AgentQueries } from '../queries.ts'
import { type Act, actIn } from './acts.ts'
import { amountsIn, inDigits } from './amounts.ts'
import { unclearOf } from './clear.ts'
import { type Now, type Timed, timeIn } from './clock.ts'
import { type Findable, type Finder, finderIn } from './find.ts'
import { inEnglish } from './languages.ts'
import { namesIn, unknownIn } from './names.ts'
import { type Filled, parametersFrom } from './parameters.ts'
import type { Ranked } from './rank.ts'
import { type Corrections, corrected, correctionsOf } from './spelling.ts'
import { type Things, thingsIn } from './things.ts'

/** How a question in words was understood, before anything is run. */
export interface Choice {
  /** The question in English, as far as its words are known. */
  text: string
  language: string | undefined
  corrections: Corrections
  time: Timed
  things: Things
  /** What it says was done to a resource of AWS. */
  act: Act | undefined
  /** Named queries, views and tables, the nearest first. */
  ranked: Ranked<Findable>[]
  /** The query that answers the question; undefined when none clearly does. */
  run: Findable | undefined
  /** Why the nearest one is not run. */
  why: string | undefined
  /** Words that look like names, but that the lake does not have. */
  unknown: string[]
  /** Words that nothing here is about. */
  strange: string[]
  filledOf(entry: Findable): Filled
}

/** Factor by which the best answer's score must exceed the second's, for it to be run. */
const AHEAD = 1.12
/** Answers with the highest scores that are considered. */
const AMONG = 5

/** Chooses the query that answers a question: only one that covers all that is asked, and nothing else. */
export async function choose(
  written: string,
  queries: Pick<AgentQueries, 'questions' | 'tables' | 'rows' | 'find'>,
  now: Now,
): Promise<Choice> {
  const finder = finderIn(await queries.questions(), await queries.tables())
  const corrections = await misspelt(written, queries, finder)
  const question = corrected(written, corrections)
  const { text, language } = inEnglish(question)
  const time = timeIn(text, now)
  const isMoment = (words: string) =>
    !time.span && time.moments.some((one) => one.words === words.toLowerCase())
  const timeless = time.words.reduce(
    (some, words) => some.replace(words, isMoment(words) ? ' moment ' : ' '),
    text,
  )
  const said = asSaid(inDigits(timeless))
  const names = await namesIn(said, queries, finder.knows)
  const things: Things = {
    ...thingsIn(question, names, time.moments),
    // "the last 3 days" is a span of time, not an amount.
    amounts: amountsIn(said.replace(/\barn:\S+/g, ' ')),
  }
  const unknown = unknownIn(said, names, finder.knows)
  // A name that the lake does not have still makes it a question about a person.
  const ranked = finder.rank(
    unknown.reduce((some, word) => some.replace(word, ' person '), question),
    things,
  )
  const act = actIn(said)
  const isNamed = (word: string) => names.words.some((one) => one.word.includes(word.toLowerCase()))
  const strange =
    language === undefined && act === undefined
      ? finder.strangeIn(said, things).filter((word) => !isNamed(word) && !unknown.includes(word))
      : []
  const filledOf = ({ question: named }: Findable): Filled =>
    named ? parametersFrom(named, things, time.span) : { parameters: {}, tellsTime: false }
  // A table is only shown: it is queried by SQL, and never run as it is.
  const judged = ranked
    .filter(({ entry }) => entry.kind !== 'table')
    .slice(0, AMONG)
    .map((one) => ({
      ...one,
      why: unclearOf(
        { text: said, things, hasSpan: time.span !== undefined },
        one.entry,
        filledOf(one.entry),
      ),
    }))
  const [best, next] = judged.filter(({ why }) => why === undefined)
  const isClear =
    best && unknown.length === 0 && time.unread.length === 0 && (!next || best.score >= next.score * AHEAD)
  const [first] = judged
  return {
    ...{ text, language, corrections, time, things, act, ranked, unknown, strange, filledOf },
    run: isClear ? best.entry : undefined,
    why: first?.why === undefined ? undefined : `${first.entry.name} is near, and ${first.why}.`,
  }
}

/** Misspelt words of an English question; those that the lake has as names are none. */
async function misspelt(
  question: string,
  queries: Pick<AgentQueries, 'rows' | 'find'>,
  { spelling }: Finder,
): Promise<Corrections> {
  if (inEnglish(question).language !== undefined) return new Map()
  const found = correctionsOf(question, spelling)
  if (found.size === 0) return found
  const { words } = await namesIn([...found.keys()].join(' '), queries, () => false)
  return new Map([...found].filter(([word]) => !words.some((one) => one.word === word.toLowerCase())))
}
