import { stem, synonymsOf, wordsOf } from '../../claims/asked-words.ts'

/**
 * Words of askers, each with the words of queries and views that answer it. One way only: who asks for an
 * attack looks for findings, and who asks for findings does not look for attacks. Claims are not checked with
 * these words, since they are related and not equal.
 */
const FOUND_UNDER: readonly (readonly [asked: string, under: string])[] = [
  [
    'attack attacker threat suspicious malicious anomaly incident leak leaked compromise compromised breach injection jailbreak ' +
      'exfiltrate exfiltration escalation escalate pii personal backdoor persistence ransomware theft stolen',
    'findings',
  ],
  ['tamper tampered tampering', 'off switched'],
  ['audit auditing trail trails cloudtrail', 'recording'],
  [
    'sudo curl wget scp ssh bash chmod chown nmap python kubectl docker systemctl typed ran executed',
    'commands terminals output',
  ],
  ['gpu', 'accelerator instance'],
  ['unusual odd strange weird abnormal', 'rare new'],
  ['machine machines server servers host hosts', 'machine session'],
  ['ips', 'address source'],
  ['complete', 'completeness'],
  ['gap gaps hole holes quiet', 'silent silence'],
  ['erased erase', 'erasure'],
  ['suppress suppressed', 'suppression'],
  ['looked viewed saw', 'shown'],
  ['altered unaltered integrity tamperproof authentic', 'digest'],
  ['department departments', 'team'],
  ['assumption assumptions', 'assumed'],
  ['assumed assume', 'assumption'],
  ['expensive cheap invoice', 'cost'],
  ['ai genai haiku sonnet opus titan llama embedding embeddings anthropic mistral', 'model'],
  ['approve approval approvals approved sign-off pending', 'review decision wait'],
  ['reviewed reviews reviewer', 'review'],
  ['copied copy upload uploaded download downloaded', 'downloads commands'],
  ['5xx 500 503', 'errors'],
  ['p99 p95 percentile', 'percentile latency'],
  ['delivered delivery', 'objects'],
  ['fire fires fired trigger triggers triggered', 'fire findings'],
  ['siem splunk receiver', 'delivered route'],
  ['nova claude gpt deepseek gemini qwen', 'model'],
  ['unreadable unparsable', 'read records reject'],
  ['exported', 'looked access'],
  ['deploy deployed', 'endpoint became'],
  ['invoked invoking', 'invokes'],
]

/**
 * Expressions whose words mean something else together, in the words of queries and views. Only for the
 * ranking.
 */
const PLAINLY: readonly (readonly [form: RegExp, plain: string])[] = [
  [/\bprompt[ -]injections?\b/gi, 'injection'],
  [/\b(?:personal|customer|private|sensitive) (?:data|information)\b/gi, 'pii'],
  [/\b(exfiltrat\w+|leak\w*|st[oe]len?)\s+(?:any |our |the )?data\b/gi, '$1'],
  [/\bmodel[ -]invocation[ -]logging\b/gi, 'logging'],
  [/\bwith no\b/gi, 'without'],
  [/\bwho (?:spent|spends)\b/gi, 'cost by person'],
  [
    /\bfirst (?:calls?|uses?|requests?) (?:to|of) (?:a |the )?(?=nova|claude|titan|llama|mistral|haiku|sonnet|opus|\w+ model|model)/gi,
    'model that nobody had used before, first call of ',
  ],
  [
    /\bhours? (?:(?:that )?(?:have|has|had)|with) no (?:\w+ )?(?:logs?|events?|records?)\b/gi,
    'silent hours, completeness',
  ],
  [/\bmax(?:imum)?(?: output)? tokens\b|\btoken limit\b/gi, 'limit on length, cut off'],
  [
    /\b(?:gaps?|holes?) (?:in|of) (?:\w+ )?(?:logs?|trails?|cloudtrail|records?)\b/gi,
    'silent hours, completeness',
  ],
  [/\b(?:missing|miss) (?:any |some |our )?logs?\b/gi, 'silent hours, completeness'],
  [
    /\bwho (?:touched|accessed|used|opened) (?:the|our|my|a) (?:\w+ )?(?:bucket|object|file)\b/gi,
    'resource by its name',
  ],
  [/\blogs? (?:files? )?complete\b|\bcomplete logs?\b|\ball logs?\b(?= there)/gi, 'completeness of objects'],
  [/\b(?:pending|open|outstanding|waiting) (?:approvals?|reviews?|decisions?)\b/gi, 'review wait'],
]

/** A question in such words. */
export function putPlainly(question: string): string {
  return PLAINLY.reduce((text, [form, plain]) => text.replace(form, plain), question)
}

const UNDER: ReadonlyMap<string, readonly string[]> = new Map(
  FOUND_UNDER.flatMap(([asked, under]) =>
    asked.split(' ').map((word) => [stem(word), wordsOf(under)] as const),
  ),
)

/** Stems whose synonyms belong to another word: `logs` are no sign-ins, although `logged in` is one. */
const APART: ReadonlySet<string> = new Set(['log'])

/** Whether a word of a question is looked for under others. */
export function isNear(word: string): boolean {
  return wordsOf(word).some((one) => UNDER.has(one))
}

/** Further stems under which a word of a question is searched. */
export function nearTo(word: string): readonly string[] {
  return [...(APART.has(word) ? [] : synonymsOf(word)), ...(UNDER.get(word) ?? [])]
}
