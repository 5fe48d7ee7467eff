import type { Scanner, ScanOptions, Span, TextRole } from './contract.ts'
import { personal } from './personal/index.ts'
import { prompt } from './prompt/index.ts'
import { secrets } from './secrets/index.ts'

/** Every scanner; each is a folder and a line here. */
export const scanners: readonly Scanner[] = [prompt, personal, secrets]

/** The spans of all scanners in a text, in order. */
export function scan(text: string, role: TextRole, options: ScanOptions = {}): Span[] {
  const spans = scanners
    .filter(({ kind, roles }) => roles.includes(role) && (options.kinds?.includes(kind) ?? true))
    .flatMap((scanner) => scanner.scan(text, role, options))
  return spans.sort((one, other) => one.from - other.from || one.to - other.to)
}

export type * from './contract.ts'
export { mask, placeholderOf } from './mask.ts'
export { type Held, type Treatment, treatmentOf } from './policy.ts'
export { encodedSpans, spansWithHidden, spansWithReadings } from './readings.ts'
