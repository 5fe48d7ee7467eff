import type { Rule } from '../contract.ts'

/**
 * Four rules of gitleaks that look far ahead. As regular expressions they take quadratic time or more on a
 * text crafted for it; this code reads each character a bounded number of times.
 */
export interface Found {
  rule: string
  from: number
  to: number
  secret: string
}

export const SPECIAL: readonly Rule[] = [
  { id: 'private-key', doc: 'Identified a Private Key, which may compromise cryptographic security.' },
  { id: 'curl-auth-header', doc: 'Discovered a potential authorization token in a curl command header.' },
  { id: 'curl-auth-user', doc: 'Discovered a potential basic authorization token in a curl command.' },
  { id: 'kubernetes-secret-yaml', doc: 'Possible Kubernetes Secret detected in a manifest.' },
]

/** The words at which these rules are matched. */
export const SPECIAL_ANCHORS: readonly string[] = [
  '-----begin',
  'curl',
  '-h',
  '--header',
  '-u',
  '--user',
  'data:',
]

const BEGIN = /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/iy
const END = /KEY(?: BLOCK)?-----/gi
const LEAST_KEY = 64
/** Most characters between `curl` and its option. */
const CURL_REACH = 4000
const CURL_LINES = 5
/** Most characters of an option. */
const OPTION = 1000

const KEY_HEADER =
  '(?:Authorization:[ \\t]{0,5}(?:Basic[ \\t]([a-z0-9+/]{8,}={0,3})|(?:Bearer|(?:Api-)?Token)[ \\t]([\\w=~@.+/-]{8,})|([\\w=~@.+/-]{8,}))|(?:(?:X-(?:[a-z]+-)?)?(?:Api-?)?(?:Key|Token)):[ \\t]{0,5}([\\w=~@.+/-]{8,}))'
const HEADER = new RegExp(
  `(?:-H|--header)(?:=|[ \\t]{0,5})(?:"${KEY_HEADER}"|'${KEY_HEADER}')(?:\\B|\\s|$)`.replace(
    '-H|--header',
    '-[Hh]|--header',
  ),
  'iy',
)
const USER =
  /(?:-u|--user)(?:=|[ \t]{0,5})("(:[^"]{3,}|[^:"]{3,}:|[^:"]{3,}:[^"]{3,})"|'([^:']{3,}:[^']{3,})'|((?:"[^"]{3,}"|'[^']{3,}'|[\w$@.-]+):(?:"[^"]{3,}"|'[^']{3,}'|[\w${}@.-]+)))(?:\s|$)/y
const KIND = /\bkind:[ \t]{0,20}["']?\bsecret\b["']?/gi
const DATA =
  /data:[\s\S]{0,100}?\s+([\w.-]+:(?:[ \t]*(?:\||>[-+]?)\s+)?[ \t]*(?:["']?[a-z0-9+/]{10,}={0,3}["']?|\{\{[ \t\w"|$:=,.-]+\}\}|""|''))/iy
const KIND_REACH = 200

/** The state of these rules for one text; `at` is called at each anchor, in order. */
export function specialIn(text: string): { at(anchor: number, end: number): Found | undefined } {
  let endless = false
  let keyEnd = 0
  let curl = -1
  let curlLine = 0
  let line = 0
  let counted = 0
  let kinds: { from: number; to: number }[] | undefined

  function lineAt(place: number): number {
    for (; counted < place; counted++) {
      const code = text.charCodeAt(counted)
      if (code === 10 || (code === 13 && text.charCodeAt(counted + 1) !== 10)) line++
    }
    return line
  }

  function privateKey(begin: number): Found | undefined {
    if (endless || begin < keyEnd) return undefined
    BEGIN.lastIndex = begin
    const head = BEGIN.exec(text)
    if (!head) return undefined
    END.lastIndex = begin + head[0].length + LEAST_KEY
    const end = END.exec(text)
    if (!end) {
      endless = true
      return undefined
    }
    keyEnd = end.index + end[0].length
    return { rule: 'private-key', from: begin, to: keyEnd, secret: text.slice(begin, keyEnd) }
  }

  function option(rule: string, pattern: RegExp, begin: number): Found | undefined {
    if (curl < 0 || begin - curl > CURL_REACH || !/\s/.test(text[begin - 1] ?? '')) return undefined
    if (lineAt(begin) - curlLine > CURL_LINES) return undefined
    const part = text.slice(begin, begin + OPTION)
    pattern.lastIndex = 0
    const found = pattern.exec(part)
    // The innermost group is the value without its quotes.
    const secret = found?.slice(1).findLast((group) => group !== undefined)
    if (!found || secret === undefined) return undefined
    return { rule, from: begin, to: begin + found[0].length, secret }
  }

  function manifest(begin: number): Found | undefined {
    kinds ??= [...text.matchAll(KIND)].map(({ index, 0: kind }) => ({ from: index, to: index + kind.length }))
    if (kinds.length === 0) return undefined
    const before = lastBefore(kinds, begin)
    const after = kinds[before + 1]
    const isBehind = before >= 0 && begin - (kinds[before]?.to ?? 0) <= KIND_REACH
    if (!isBehind && (!after || after.from - begin > KIND_REACH + OPTION)) return undefined
    DATA.lastIndex = 0
    const found = DATA.exec(text.slice(begin, begin + OPTION))
    const secret = found?.[1]
    if (!found || secret === undefined) return undefined
    const to = begin + found[0].length
    if (!isBehind && (after?.from ?? 0) - to > KIND_REACH) return undefined
    return { rule: 'kubernetes-secret-yaml', from: begin, to, secret }
  }

  return {
    at(anchor, end) {
      const begin = end - (SPECIAL_ANCHORS[anchor] as string).length
      if (anchor === 0) return privateKey(begin)
      if (anchor === 6) return manifest(begin)
      if (anchor > 1)
        return option(anchor < 4 ? 'curl-auth-header' : 'curl-auth-user', anchor < 4 ? HEADER : USER, begin)
      if (/\w/.test(text[begin - 1] ?? '') || /\w/.test(text[end] ?? '')) return undefined
      curl = begin
      curlLine = lineAt(begin)
      return undefined
    },
  }
}

/** The index of the last one that ends at or before an index; -1 when there is none. */
function lastBefore(kinds: readonly { to: number }[], place: number): number {
  let [low, high] = [0, kinds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((kinds[middle]?.to ?? 0) <= place) low = middle + 1
    else high = middle
  }
  return low - 1
}
