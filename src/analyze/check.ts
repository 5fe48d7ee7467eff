/**
 * Whether a sentence of a model says only what rows say. This is no model: every name, address, id, time and number in the sentence must
 * be in the facts that it cites, or be a count or a sum of them.
 */
export interface Facts {
  /** What the cited rows say. */
  texts: readonly string[]
  /** Numbers that may be told of them: counts, sums. */
  numbers: readonly number[]
}

/** Parts of the sentence that no cited row has; none, when it holds. */
export function unsupported(sentence: string, { texts, numbers }: Facts): string[] {
  const facts = texts.join('\n').toLowerCase()
  const told = new Set(numbers.map(String))
  const wrong: string[] = []
  let rest = sentence
  for (const pattern of NAMES) {
    rest = rest.replace(pattern, (found) => {
      const plain = found.replace(/[.,:;]+$/, '')
      if (!facts.includes(plain.toLowerCase())) wrong.push(plain)
      return ' '
    })
  }
  for (const found of rest.match(/\d[\d,]*(?:\.\d+)?/g) ?? []) {
    const number = found.replaceAll(',', '').replace(/\.0+$/, '')
    if (told.has(number) || hasNumber(facts, number)) continue
    wrong.push(found)
  }
  return wrong
}

function hasNumber(facts: string, number: string): boolean {
  // No part of a time, a day or an address is a number that the rows tell.
  return new RegExp(`(?<![\\d.:-])${number.replace('.', '\\.')}(?!\\d|[:.-]\\d)`).test(facts)
}

/** What is a name of something, the longest kinds first. */
const NAMES: readonly RegExp[] = [
  /\barn:aws[\w-]*:[^\s"'<>(),;]+/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\bs3:\/\/[^\s"'<>(),;]+/gi,
  /\bhttps?:\/\/[^\s"'<>]+/gi,
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b/g,
  /\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z?)?\b/g,
  /\b\d{1,2}:\d\d(?::\d\d)?Z?\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  /\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b/gi,
  /\b\d{12}\b/g,
  /\b(?:us|eu|ap|ca|sa|me|af|il|mx|cn)(?:-gov)?-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d\b/g,
  /\b[a-z0-9-]+\.amazonaws\.com\b/g,
  // An API: a verb of AWS's and what it is done to.
  /\b(?:Create|Delete|Put|Get|List|Describe|Update|Attach|Detach|Stop|Start|Disable|Enable|Assume|Invoke|Run|Terminate|Modify|Authorize|Revoke|Add|Remove|Schedule|Register|Deregister|Lookup|Head|Copy|Restore|Share|Tag|Untag|Send|Publish|Batch|Upload|Cancel|Reset|Set|Change|Login|Console|Decrypt|Encrypt|Generate)[A-Z]\w*/g,
  // Ids of resources.
  /\b(?:i|vol|snap|sg|vpc|subnet|ami|eni|rtb|igw|acl)-[0-9a-f]{8,17}\b/g,
]
