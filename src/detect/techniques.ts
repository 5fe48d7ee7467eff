import { readFileSync } from 'node:fs'

/**
 * The ids that rules may use, with their names: MITRE ATT&CK for Enterprise, MITRE ATLAS, and the OWASP Top
 * 10 for LLM (2025) and agentic applications (2026), a file each in `techniques/`.
 */
export type Framework = 'attack' | 'atlas' | 'owasp'

const read = new Map<Framework, ReadonlyMap<string, string>>()

/** By id, as `T1685.002`, `AML.T0051.001`, `LLM01`. */
export function techniques(framework: Framework): ReadonlyMap<string, string> {
  const known = read.get(framework)
  if (known) return known
  const text = readFileSync(new URL(`./techniques/${framework}.txt`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const found = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  read.set(framework, found)
  return found
}

/** `T1685.002 (Disable or Modify Tools: Disable or Modify Cloud Log)`; the id alone when no list has it. */
export function techniqueText(framework: Framework, id: string): string {
  const name = techniques(framework).get(id)
  return name === undefined ? id : `${id} (${name})`
}
