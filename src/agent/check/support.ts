import type { Result } from '../contract.ts'

/** What cited rows can prove. */
export interface Support {
  /** Every cell as text, whole. */
  texts: ReadonlySet<string>
  numbers: readonly number[]
  /** The numbers of each column of each result, by which sums are made. */
  columns: readonly (readonly number[])[]
  /** How many rows are cited, of each result and together, and how many different values each column has. */
  counts: ReadonlySet<number>
  hasZero: boolean
  hasTime(text: string): boolean
  hasName(text: string): boolean
  /** Whether a name is in a cell that is more than what the statement itself put there. */
  isWhole(name: string, made: ReadonlySet<string>): boolean
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)

export function supportOf(
  cited: readonly { result: Result; rows: readonly (readonly unknown[])[] }[],
): Support {
  const texts = new Set<string>()
  const numbers: number[] = []
  const columns: number[][] = []
  const counts = new Set<number>()
  let rowsInAll = 0
  for (const { result, rows } of cited) {
    rowsInAll += rows.length
    // Of a result that is cut, nobody knows how many rows it has.
    if (!(result.more && rows.length === result.rows.length)) counts.add(rows.length)
    for (const [at] of result.columns.entries()) {
      const own: number[] = []
      const different = new Set<string>()
      for (const row of rows) {
        const value = row[at]
        if (value === null || value === undefined) continue
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        texts.add(text)
        different.add(text)
        const number =
          typeof value === 'number' ? value : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
        if (Number.isFinite(number) && (typeof value === 'number' || isNumeric(result.columns[at]?.type)))
          own.push(number)
      }
      if (!result.more) counts.add(different.size)
      if (own.length > 0) columns.push(own)
      numbers.push(...own)
    }
  }
  if (cited.length > 1 && !cited.some(({ result }) => result.more)) counts.add(rowsInAll)
  const lower = [...texts].map((text) => text.toLowerCase())
  return {
    texts,
    numbers,
    columns,
    counts,
    hasZero: numbers.includes(0),
    hasTime: (text) => formsOfTime(text).some((form) => lower.some((cell) => cell.includes(form))),
    hasName: (text) => {
      const name = text.toLowerCase()
      const bounded = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'u')
      return lower.some((cell) => cell === name || bounded.test(cell))
    },
    isWhole: (name, made) =>
      [...texts].some((cell) => !made.has(cell) && cell.toLowerCase().includes(name.toLowerCase())),
  }
}

function isNumeric(type = ''): boolean {
  return /INT|DECIMAL|DOUBLE|FLOAT|NUMERIC/i.test(type)
}

/**
 * What a number is made of, in words; undefined when the cited rows do not give it. A number that is rounded in the claim may differ by as
 * much as its last digit says.
 */
export function isSupported(value: number, shown: string, support: Support): string | undefined {
  const close = (other: number) => Math.abs(other - value) <= toleranceOf(value, shown)
  if (support.numbers.some(close)) return 'a cell'
  if (support.counts.has(value)) return 'how many'
  for (const column of support.columns) {
    if (column.length < 2) continue
    const sum = column.reduce((total, one) => total + one, 0)
    if (close(sum)) return 'a sum'
    if (/\./.test(shown) && close(sum / column.length)) return 'a mean'
  }
  return undefined
}

/** Half of the last digit that is shown: of a whole number nothing, unless it has a unit of thousands. */
function toleranceOf(value: number, shown: string): number {
  const decimals = /\.(\d+)/.exec(shown)?.[1]?.length
  const unit = /\d\s?([kKMGT])i?B?$/.exec(shown)?.[1]?.toLowerCase()
  const scale = unit === undefined ? 1 : { k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[unit as 'k']
  if (decimals !== undefined) return (0.5000001 * scale) / 10 ** decimals
  return unit === undefined ? Math.abs(value) * 1e-12 : 0.5 * scale
}

/** A time as cells may have it. */
function formsOfTime(text: string): string[] {
  const plain = text.toLowerCase().trim()
  const [, day, month, year] =
    /^(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+([a-z]+)(?:\s+(\d{4}))?$/.exec(plain) ??
    swapped(/^([a-z]+)\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/.exec(plain)) ??
    []
  if (day !== undefined && month !== undefined) {
    const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0')
    return [`${year ?? ''}-${number}-${day.padStart(2, '0')}`]
  }
  const [, clock, half] = /^(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?:z|utc|([ap])\.?m\.?)?$/.exec(plain) ?? []
  if (clock !== undefined) {
    const [hour = '', ...rest] = clock.split(':')
    const of24 = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0)
    return [`t${[String(of24).padStart(2, '0'), ...rest].join(':')}`]
  }
  return [plain.replace(/\s?(z|utc)$/, '').replace(' ', 't')]
}

function swapped(match: RegExpExecArray | null): (string | undefined)[] | undefined {
  return match ? [match[0], match[2], match[1], match[3]] : undefined
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
