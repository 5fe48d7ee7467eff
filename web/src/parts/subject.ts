import { parsed } from '../ui/json.tsx'

/** What a call is about: the first value of its request that names something. */
export function subjectOf({ requestparameters }: { requestparameters: string | null }): string {
  const found = parsed(requestparameters)
  if (found === null || typeof found !== 'object') {
    const cut = /"(?:\w*(?:[nN]ame|[iI]d|[aA]rn|target))":"([^"]{1,120})"/.exec(requestparameters ?? '')
    return cut?.[1] ?? ''
  }
  const entries = Object.entries(found as Record<string, unknown>).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  const naming = entries.find(([name]) => /name$|id$|arn$|target|key$|bucket/i.test(name)) ?? entries[0]
  return naming ? (naming[1].split('/').at(-1) ?? naming[1]) : ''
}
