/** A lake with a million files and very many commits, compared with one of a thousand: opening it, a commit, finding a day's files. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Line, machine, run, table } from './measure.ts'

interface Taken {
  ms: number
  reads: number
  bytes: number
}

const STEPS = ['open', 'answer', 'commit'] as const
const TITLES = { open: 'opening', answer: 'the files of one day of', commit: 'a commit to' }
const MAX_RATIO = 1.2
/** Of the large lake. The small one has as many files a day: a day's question finds as many in both. */
const DAYS = 1000
const FEW = 1000

export async function benchMany({ short, dir }: { short: boolean; dir: string }): Promise<void> {
  console.error(machine())
  const [files, commits] = short ? [20_000, 1000] : [1_000_000, 100_000]
  const place = join(dir, 'many')
  const measure = async (of: number, steps: number, days: number) => {
    const { result } = await run<Record<(typeof STEPS)[number], Taken>>(
      './run-many.js',
      place,
      of,
      steps,
      days,
    )
    rmSync(place, { recursive: true, force: true })
    return result
  }
  const few = await measure(FEW, FEW, (DAYS * FEW) / files)
  const many = await measure(files, commits, DAYS)
  const count = (number: number) => number.toLocaleString('en-US')
  const lines = STEPS.map((step): Line => {
    const ratio = many[step].ms / few[step].ms
    const kb = ({ bytes }: Taken) => `${(bytes / 1000).toFixed(0)} kB`
    return {
      what: `${TITLES[step]} a lake of ${count(files)} files and ${count(commits)} commits, against 1,000 of each`,
      measured: `${ratio.toFixed(2)} times the processor time; ${many[step].reads} reads (${kb(many[step])}), ${few[step].reads} (${kb(few[step])})`,
      wanted: short ? '' : `at most ${MAX_RATIO}`,
      kept: short ? undefined : ratio <= MAX_RATIO,
    }
  })
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (lines.some(({ kept }) => kept === false)) process.exitCode = 1
}
