import type { Verdict } from './judge.ts'

interface Line {
  times: number
  struck: number
  versions: number
  lost: number
  doubled: number
  wrong: number
}

/** Counts trials by fault, for the table at the end of the run. */
export class Tally {
  readonly #lines = new Map<string, Line>()
  readonly #struck: string

  /** @param struck the head of the column that counts how often faults struck */
  constructor(struck = 'killed') {
    this.#struck = struck
  }

  /** Notes a trial, and says what was wrong with it. */
  add(fault: string, verdict: Verdict, struck = 0): string[] {
    const line = this.#lines.get(fault) ?? {
      times: 0,
      struck: 0,
      versions: 0,
      lost: 0,
      doubled: 0,
      wrong: 0,
    }
    line.times++
    line.struck += struck
    line.versions += verdict.versions
    line.lost += verdict.lost
    line.doubled += verdict.doubled
    line.wrong += verdict.wrong.length
    this.#lines.set(fault, line)
    const { lost, doubled, wrong } = verdict
    return [
      ...wrong,
      ...(lost > 0 ? [`${fault}: ${lost} lost`] : []),
      ...(doubled > 0 ? [`${fault}: ${doubled} doubled`] : []),
    ]
  }

  print(): void {
    const head = ['fault', 'times', this.#struck, 'versions', 'lost', 'doubled', 'wrong']
    const rows = [...this.#lines].map(([fault, { times, struck, versions, lost, doubled, wrong }]) =>
      [fault, times, struck, versions, lost, doubled, wrong].map(String),
    )
    printTable([head, ...rows])
  }
}

/** Prints rows as a table; the first one is its head. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join('  '),
  )
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}
