import { ORDINARY } from './corpora.ts'
import type { HeadName } from './data.ts'
import { type Judged, shareFrom, shareOfEither } from './folds.ts'

/**
 * Prints what a head finds of each source that was left out, by the n-grams alone, by the patterns alone, and by either.
 * Returns the names of goals that are missed.
 */
export function report(
  head: HeadName,
  judged: readonly Judged[],
  threshold: number,
  withKinds = false,
): string[] {
  const missed: string[] = []
  const goal = (name: string, value: number, least: number) => {
    const met = value >= least
    console.log(`  goal: ${name} at least ${least}: ${value.toFixed(3)}${met ? '' : '  MISSED'}`)
    if (!met) missed.push(name)
  }
  const ofKinds = (name: string, kinds: readonly string[]) =>
    row(
      name,
      judged.filter(({ attack, kind }) => attack && kinds.includes(kind)),
      threshold,
    )
  console.log(
    `\n${head} head, threshold ${threshold.toFixed(3)}\nsource                                  n  n-grams  patterns  either`,
  )
  const attacks = judged.filter(({ attack }) => attack)
  const recalls = ownRows(attacks, ({ source }) => source, threshold)
  const ordinary = ORDINARY.map((source) =>
    row(
      `${source} (ordinary)`,
      judged.filter((one) => one.source === source && !one.attack),
      threshold,
    ),
  )
  console.log(`mean of ordinary sources ${percent(mean(ordinary))}`)
  const triggers = row(
    'triggers (ordinary)',
    judged.filter(({ source }) => source === 'triggers'),
    threshold,
  )
  if (triggers > 0.05) missed.push('triggers')
  if (head === 'prompt') goal('mean recall of direct sources', mean(recalls), 0.55)
  else {
    if (withKinds) ownRows(attacks, ({ source, kind }) => `${source} ${kind}`, threshold)
    const marked = ['tool-result-ignoring', 'tool-result-combined']
    goal('ASB ignoring and combined', ofKinds('asb ignoring + combined', marked), 0.88)
    goal('InjecAgent enhanced', ofKinds('injecagent enhanced', ['enhanced']), 0.95)
  }
  return missed
}

/** A row for each group of texts, in the order of their names; the share that either finds of each. */
function ownRows(texts: readonly Judged[], nameOf: (one: Judged) => string, threshold: number): number[] {
  return [...new Set(texts.map(nameOf))].sort().map((name) =>
    row(
      name,
      texts.filter((one) => nameOf(one) === name),
      threshold,
    ),
  )
}

/** Returns the share that either finds. */
function row(name: string, own: readonly Judged[], threshold: number): number {
  const patterns = own.filter(({ pattern }) => pattern).length / Math.max(1, own.length)
  const either = shareOfEither(own, threshold)
  console.log(
    [
      name.padEnd(34),
      String(own.length).padStart(6),
      percent(shareFrom(own, threshold)),
      percent(patterns),
      percent(either),
    ].join('  '),
  )
  return either
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
