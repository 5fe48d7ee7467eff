/** Words of a question that say nothing about what it asks. */
const STOP = new Set(
  (
    'a about all am an and any anybody anyone are as at be been before between but by can could did do does done during ever ' +
    'every for from get give had has have how i if in into is it its just last list many may me more most much my name ' +
    'names of off on one only or our out over please say see show since some tell than that the their them then there ' +
    'these they this those till to told under until use used uses using up us was we were what when where which while who whom whose why will with ' +
    'would you your today yesterday week weeks month months day days hour hours year years ago now past ' +
    'january february march april june july august september october november december ' +
    'monday tuesday wednesday thursday friday saturday sunday ' +
    'mondays tuesdays wednesdays thursdays fridays saturdays sundays'
  ).split(' '),
)

/** Words of askers and of named queries for one thing, one line each. */
const SYNONYMS: readonly string[] = [
  'login logon signin sign-in sign-ins sign signed logged console',
  'denied deny refused refuse forbidden unauthorized unauthorised accessdenied rejected blocked probing',
  'cost spend spent price money dollar usd bill expensive charge budget',
  'delete remove destroy drop terminate',
  'session shell ssh terminal ssm bastion',
  'typed type command commands keystroke',
  'person user people human employee colleague somebody someone',
  'agent bot assistant autonomous',
  'model llm claude nova foundation bedrock',
  'prompt ask asked prompted conversation chat',
  'answer completion response reply',
  'fail failed failure error broken crash exception',
  'throttle throttled throttling rate limit quota',
  'slow latency slowest duration wait milliseconds',
  'key keys credential credentials accesskey',
  'new first unseen unknown never',
  'night weekend hours working outside late',
  'busiest busy top loudest active loud heaviest',
  'region regions country location',
  'endpoint endpoints inference invocation invoke',
  'job jobs training processing transform tuning',
  'finding findings alert alerts guardduty threat detection',
  'token tokens usage used use consumption',
  'disable disabled switched turned stop stopped off recording logging blind',
  'root superuser',
  'role roles assume assumed assumerole',
  'cross-account account accounts external foreign another',
  'resource bucket object instance arn',
  'address ip source network',
  'tool tools function plugin',
  'guardrail guardrails filter policy intervention',
  'missing gap gaps silent silence lost incomplete completeness',
  'internet public exposed open isolation vpc',
  'alarm alarms cloudwatch',
  'metric metrics processor memory disk cpu gpu',
  'secret secrets password passwords token',
  'change changes changed modify modified',
  'around timeline context happened happen before after',
  'long lasted longest longer minutes',
  'opened open started start began begun latest',
  'completed complete finished finish done ended',
  'tried try attempted attempt',
  'count number total altogether',
  'caller callers identity identities actor',
  'studio notebook domain sagemaker',
  'cut truncated short',
]

/**
 * Synonyms: a question with one of them means the same with another. The lines above are wider: their words
 * are related, and find the same entries, but are not equal.
 */
const SAME: readonly string[] = [
  'login logon signin sign-in sign',
  'denied refused forbidden unauthorized unauthorised accessdenied rejected',
  'cost spend spent bill costs',
  'remove delete destroy',
  'person people human employee colleague identity',
  'principal caller identity',
  'agent bot assistant',
  'session shell terminal',
  'model llm',
  'answer completion response',
  'fail failed failure error failing',
  'throttle throttling throttled',
  'busiest busy loudest top',
  'disabled disable switched turned',
  'recording logging',
  'training job',
  'night outside',
  'cut truncated',
  'longest longer long',
  'intervention intervene intervened',
  'assumed assume took',
  'silent silence',
  'new fresh',
  'root superuser',
  'risky dangerous',
  'alarm fired',
  'run ran',
  'team teams',
]

/** Expressions of more than one word, and what they say in the words of the questions with names. */
const SAID: readonly (readonly [form: RegExp, says: string])[] = [
  [
    /\b(?:out of|outside(?: of)?|after|off)[ -](?:the )?(?:business|office|working|work) (?:hours|time)\b|\b(?:out of|after)[ -]hours\b/gi,
    'outside working hours',
  ],
  [
    /\b(?:principals?|callers?|identit(?:y|ies)) (?:made|makes?|with) (?:the )?most (?:api )?calls\b/gi,
    'busiest callers',
  ],
  [/\bwho (?:made|makes) (?:the )?most (?:api )?calls\b/gi, 'who are the busiest callers'],
  [/\b(?:nois(?:y|iest)|loudest|most active) (?:principals?|callers?|identities)\b/gi, 'busiest callers'],
  [
    /\b(bill|costs?|spend(?:ing)?|spent) (?:\w+ )?(?:per|by|for each|of each|for every) (?:user|person|identity|caller|colleague|employee|principal)s?\b/gi,
    '$1 by person',
  ],
  [/\b(who|what|where|when|how)['’]?s\b/gi, '$1 is'],
  [/\bbeen up to\b/gi, 'done'],
  // Not `logging in`, and not calls that are logged in a Region.
  [/\blog(?:s|ged)? (?:in|on)(?:to)?\b(?! \w+-\w+-\d)/gi, 'login'],
  // Amounts of time are compared with signs, or with words for any amount.
  [
    /(?:>=?|\b(?:over|above|exceeding|(?:of )?more than))\s*(?=\d+(?:\.\d+)?\s?(?:m(?:in(?:ute)?s?)?|h(?:ou)?rs?|h)\b)/gi,
    ' longer than ',
  ],
  [/\bguardrail hits?\b/gi, 'guardrail interventions'],
  [/\bssm sessions?\b/gi, 'sessions'],
  [/\broot (?:account|user)\b/gi, 'root'],
  [/\bcut(?:ting)? short\b/gi, 'cut off'],
]

/** A question with such expressions in the words of the questions with names. */
export function asSaid(question: string): string {
  return SAID.reduce((text, [form, says]) => text.replace(form, says), question)
}

/** `switched off` → `switch`: ends of words are cut so that forms of one word are the same. */
export function stem(word: string): string {
  let short = word
  if (short.length > 4 && short.endsWith('ies')) return `${short.slice(0, -3)}y`
  if (short.length > 3 && short.endsWith('s') && !/(ss|us|is)$/.test(short)) short = short.slice(0, -1)
  if (short.length > 5 && short.endsWith('ing')) short = short.slice(0, -3)
  else if (short.length > 4 && short.endsWith('ed')) short = short.slice(0, -2)
  else if (short.length > 4 && short.endsWith('e')) short = short.slice(0, -1)
  if (/([bdgklmnprt])\1$/.test(short)) short = short.slice(0, -1)
  return short.length > 4 && short.endsWith('e') ? short.slice(0, -1) : short
}

/**
 * The stems of a text, in order, without words that say nothing; `AssumeRole` is also `assume` and `role`.
 */
export function wordsOf(text: string): string[] {
  const found = text.replaceAll(/['’]s\b/g, '').match(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu) ?? []
  return found.flatMap((word) => {
    const parts = word.split(/[-'’]|(?<=[a-z])(?=[A-Z])/).filter((part) => part.length > 1)
    const all = parts.length > 1 ? [word, ...parts] : [word]
    return all
      .map((one) => one.toLowerCase())
      .filter((one) => !STOP.has(one) && !/^\d+$/.test(one))
      .map(stem)
  })
}

let near: Groups | undefined
let same: Groups | undefined

type Groups = ReadonlyMap<string, ReadonlySet<string>>

/** Stems that mean the same as this one, or nearly. */
export function synonymsOf(word: string): ReadonlySet<string> {
  near ??= grouped(SYNONYMS)
  return near.get(word) ?? new Set()
}

/** Whether two stems are of one word, or of two that say the same. */
export function isSame(word: string, other: string): boolean {
  same ??= grouped(SAME)
  return word === other || (same.get(word)?.has(other) ?? false)
}

/** Stems of verbs and nouns that a question is put in, whatever it is about. */
const LIGHT = new Set(
  'make made happen happened occur exist take see find look got touch each every per anything something everything show'
    .split(' ')
    .map(stem),
)

export function saysNothing(word: string): boolean {
  return LIGHT.has(word)
}

/** Words that questions are made of, in small letters and as they are written. */
export function knownWords(): readonly string[] {
  return [...STOP, ...SYNONYMS.flatMap((line) => line.split(' '))]
}

/** Whether it is a word of English that questions are made of, in small letters. */
export function isKnownWord(word: string): boolean {
  near ??= grouped(SYNONYMS)
  same ??= grouped(SAME)
  return STOP.has(word) || LIGHT.has(stem(word)) || near.has(stem(word)) || same.has(stem(word))
}

function grouped(lines: readonly string[]): Groups {
  const map = new Map<string, Set<string>>()
  for (const line of lines) {
    const stems = new Set(line.split(' ').flatMap((word) => wordsOf(word)))
    for (const one of stems) {
      const others = map.get(one) ?? new Set()
      for (const other of stems) if (other !== one) others.add(other)
      map.set(one, others)
    }
  }
  return map
}
