import { type Names, noNames } from './names.ts'

/** What a question names that a parameter can be: found by its form, without a model, and by names that the lake has. */
export interface Things extends Names {
  arns: string[]
  keys: string[]
  addresses: string[]
  emails: string[]
  uuids: string[]
  accounts: string[]
  regions: string[]
  instances: string[]
  sessions: string[]
  /** Moments as ISO 8601, as they stand in the question. */
  moments: string[]
  /** Numbers with their unit, in small letters: `30 minutes`. */
  amounts: { number: number; unit: string }[]
  /** What stands between quotes or backticks. */
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
  sessions: /\b[\w.@+=-]{2,64}-0?[0-9a-f]{17}\b/g,
  moments: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g,
  addresses:
    /(?<![\w.:-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?!\w|\.\d|:(?!\s|$|\d{1,5}(?![\w:])))|(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,7}:)(?![\w:]))/gi,
  quoted: /"([^"\n]{1,200})"|`([^`\n]{1,200})`|“([^”\n]{1,200})”|(?<=^|\s)'([^'\n]{1,200})'(?=[\s.,;?!]|$)/g,
} as const

const AMOUNT = /\b(\d+(?:\.\d+)?)\s*(%|per ?cent|percent|minutes?|min|hours?|h|days?|d|weeks?)(?![\w])/gi

/** @param names those of its words that the lake has */
export function thingsIn(question: string, names: Names = noNames): Things {
  const all = (form: RegExp) =>
    [...question.matchAll(form)].map((match) => match.slice(1).find(Boolean) ?? match[0])
  const arns = all(FORMS.arns)
  const rest = arns.reduce((text, arn) => text.replace(arn, ' '), question)
  const inRest = (form: RegExp) => [...rest.matchAll(form)].map((match) => match[0])
  const uuids = inRest(FORMS.uuids)
  return {
    ...names,
    arns,
    keys: inRest(FORMS.keys),
    addresses: inRest(FORMS.addresses),
    emails: inRest(FORMS.emails),
    uuids,
    accounts: inRest(FORMS.accounts),
    regions: inRest(FORMS.regions),
    instances: inRest(FORMS.instances),
    sessions: inRest(FORMS.sessions).filter((one) => !uuids.includes(one) && !/^m?i-/.test(one)),
    moments: inRest(FORMS.moments).map((text) =>
      text.replace(' ', 'T').replace(/(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/, '$1Z'),
    ),
    amounts: [...rest.matchAll(AMOUNT)].map(([, number, unit = '']) => ({
      number: Number(number),
      unit: unit.toLowerCase(),
    })),
    quoted: all(FORMS.quoted),
  }
}
