import type { Paint } from './output.ts'

/** A severity in its colour. */
export function severityText(severity: string, { red, yellow, bold, dim }: Paint): string {
  if (severity === 'critical') return bold(red(severity))
  if (severity === 'high') return red(severity)
  if (severity === 'medium') return yellow(severity)
  return dim(severity)
}
