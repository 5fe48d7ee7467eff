const UNITS: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** The form of a size: `512MiB`, `1.5 GB`, or bytes alone. */
export const SIZE = /^\s*(\d+(?:\.\d+)?)\s*([KMGTkmgt]?i?[Bb])?\s*$/

/** `512MiB` → 536870912; undefined when it is not a size above 0. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text)
  const unit = UNITS[(match?.[2] ?? 'b').toLowerCase()]
  if (!match || unit === undefined) return undefined
  const bytes = Math.round(Number(match[1]) * unit)
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

/** `536870912` → `512MiB`, the shortest way to write exactly that. */
export function sizeText(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'kB']) {
    const size = UNITS[unit.toLowerCase()] as number
    if (bytes % size === 0) return `${bytes / size}${unit}`
  }
  return `${bytes}B`
}
