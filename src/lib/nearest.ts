/** The most similar name for a mistyped one; undefined when none is similar. */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase()
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    const steps = distance(wanted, name.toLowerCase())
    if (steps < least) {
      best = name
      least = steps
    }
  }
  return best
}

/** `: did you mean "batch"?`, or nothing. */
export function didYouMean(typed: string, names: Iterable<string>): string {
  const near = nearest(typed, names)
  return near === undefined ? '' : `: did you mean "${near}"?`
}

/** The edit distance: letters inserted, removed, changed, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = cell(rows, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? cell(rows, i - 2, j - 2) + 1 : change
      row.push(Math.min(cell(rows, i - 1, j) + 1, (row[j - 1] as number) + 1, change, swap))
    }
    rows.push(row)
  }
  return cell(rows, a.length, b.length)
}

function cell(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] as number
}
