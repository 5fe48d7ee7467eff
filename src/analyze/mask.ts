import { scan } from '../scan/index.ts'

/** A text for a model: a secret in it is named, and not told. */
export function withoutSecretsIn(text: string): string {
  let shown = ''
  let at = 0
  for (const { from, to, rule } of scan(text, 'parameters', { kinds: ['secret'] })) {
    if (from < at) continue
    shown += `${text.slice(at, from)}[${rule}]`
    at = to
  }
  return shown + text.slice(at)
}
