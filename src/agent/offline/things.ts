import { wordsOf } from '../../claims/asked-words.ts'
import { AMOUNT, type Amount, amountsIn } from './amounts.ts'
import { type Names, noNames } from './names.ts'

/** Things in a question that can be values of parameters: found by their form, and by the lake's names. */
export interface Things extends Names {
  arns: string[]
  /** Those of `arns` that are of a user or a role, and that the question asks what they did. */
  doers: string[]
  keys: string[]
  addresses: string[]
  emails: string[]
  uuids: string[]
  accounts: string[]
  regions: string[]
  instances: string[]
  sessions: string[]
  /** Points in time in ISO 8601, as written in the question. */
  timestamps: string[]
  amounts: Amount[]
  /** Texts in quotes or backticks. */
  quoted: string[]
}

const FORMS = {
  arns: /\barn:aws[\w-]*:[\w-]*:[\w-]*:\d{0,12}:[^\s"'`,;]+[^\s"'`,;.?!)]/g,
  keys: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,28}\b/g,
  emails: /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g,
  uuids: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  accounts: /\b\d{12}\b/g,
  regions:
    /\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b/g,
  instances: /\b(?:i|mi)-[0-9a-f]{8,17}\b/g,
  // The id of a session, with the opener's name as AWS writes it, or without as in the lake. Ids have two
  // forms.
  sessions:
    /(?<![\w.@+=:/-])(?:(?:[\w.@+=-]{2,64}-0?|0)[0-9a-f]{16,17}|(?:[\w.@+=-]{2,64}-)?(?=[a-z]*[2-7])[a-z2-7]{26})(?![\w-])/g,
  timestamps: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g,
  addresses:
    /(?<![\w.:-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?!\w|\.\d|:(?!\s|$|\d{1,5}(?![\w:])))|(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,7}:)(?![\w:]))/gi,
  quoted: /"([^"\n]{1,200})"|`([^`\n]{1,200})`|“([^”\n]{1,200})”|(?<=^|\s)'([^'\n]{1,200})'(?=[\s.,;?!]|$)/g,
} as const

const PRINCIPAL =
  'arn:aws[\\w-]*:(?:iam|sts)::\\d*:(?:user|role|assumed-role|federated-user)/[^\\s"\'`,;]*[^\\s"\'`,;.?!)]'
const DOER = new RegExp(
  `\\b(?:did|does|has|had|was|is)\\s+(${PRINCIPAL})\\s+\\p{L}|\\b(?:calls?|activity|actions?|done|made|doing)\\s+(?:of|by|from)\\s+(${PRINCIPAL})|(${PRINCIPAL})\\s+(?:did|does|has done|made|called)\\b`,
  'giu',
)

/** A point in time in words, as in `8 January at 04:41`. */
export interface Moment {
  words: string
  iso: string
}

/**
 * @param names words of it that the lake has as names
 * @param moments points in time that it says in words
 */
export function thingsIn(question: string, names: Names = noNames, moments: readonly Moment[] = []): Things {
  const all = (form: RegExp) =>
    [...question.matchAll(form)].map((match) => match.slice(1).find(Boolean) ?? match[0])
  const arns = all(FORMS.arns)
  const rest = arns.reduce((text, arn) => text.replace(arn, ' '), question)
  const inRest = (form: RegExp) => [...rest.matchAll(form)].map((match) => match[0])
  const uuids = inRest(FORMS.uuids)
  return {
    ...names,
    arns,
    doers: all(DOER),
    keys: inRest(FORMS.keys),
    addresses: inRest(FORMS.addresses),
    emails: inRest(FORMS.emails),
    uuids,
    accounts: inRest(FORMS.accounts),
    regions: inRest(FORMS.regions),
    instances: inRest(FORMS.instances),
    sessions: inRest(FORMS.sessions).filter((one) => !uuids.includes(one) && !/^m?i-/.test(one)),
    timestamps: [
      ...inRest(FORMS.timestamps).map((text) =>
        text.replace(' ', 'T').replace(/(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/, '$1Z'),
      ),
      ...moments
        .filter(({ words }) => !new RegExp(FORMS.timestamps.source).test(words))
        .map(({ iso }) => iso),
    ],
    amounts: amountsIn(rest),
    quoted: all(FORMS.quoted),
  }
}

/** A question in which things are replaced by their kinds: `goran@example.com` by a person. */
export function kindOf(question: string, things: Things): string {
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['person', things.doers],
    ['resource', things.arns],
    ['access key', things.keys],
    ['person', things.emails],
    ['session', things.sessions],
    // The id of a run of an agent is one, too: what the question calls it decides.
    [/\b(?:conversation|run)\b/i.test(question) ? 'conversation' : 'event', things.uuids],
    ['address', things.addresses],
    ['resource', things.instances],
    ['region', things.regions],
    ['account', things.accounts],
    ['moment', things.timestamps],
  ]
  let text = question
  for (const [kind, texts] of kinds) for (const one of texts) text = text.replaceAll(one, ` ${kind} `)
  for (const { word, kind } of things.words)
    if (!['service', 'call', 'error'].includes(kind)) text = text.replace(wordForm(word), ` ${kind} `)
  return text
}

/** A question without its amounts and its quoted texts. */
export function withoutValues(question: string): string {
  return question.replace(FORMS.quoted, ' ').replace(AMOUNT, ' ')
}

/** A pattern for a word in a question, in small or capital letters. */
export function wordForm(word: string): RegExp {
  const form = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '[ -]')
  return new RegExp(`(?<![\\p{L}\\p{N}._-])${form}(?![\\p{L}\\p{N}_-])`, 'giu')
}

/** Words of titles that are true of all rows, so that a question need not have them. */
export const OF_ROWS: ReadonlySet<string> = new Set(
  wordsOf('call caller user activity event row record came'),
)
