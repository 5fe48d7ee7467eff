import { dollarsOf, dollarText, type Tokens } from '../cost.ts'
import type { Book } from './book.ts'
import { type Deps, StopHere } from './deps.ts'

/** Tokens of an analysis so far, in batches and on demand. */
export interface Spent {
  batch: Tokens
  onDemand: Tokens
}

/**
 * Input and output so far, including calls with unusable answers if the provider reported their tokens. A
 * call may have been made in a batch first, and then on demand: what its jobs cost is in their steps.
 */
export function spentOf(book: Book): Spent {
  const all = totalOf(book)
  const batch = { input: 0, output: 0 }
  for (const { kind, detail } of book.steps) {
    if (kind !== 'job_read') continue
    const { tokens } = JSON.parse(detail ?? '{}') as { tokens?: Tokens }
    batch.input += tokens?.input ?? 0
    batch.output += tokens?.output ?? 0
  }
  return { batch, onDemand: { input: all.input - batch.input, output: all.output - batch.output } }
}

function totalOf({ items }: Book): Tokens {
  const all = { input: 0, output: 0 }
  for (const { input_tokens, output_tokens } of items.values()) {
    all.input += input_tokens ?? 0
    all.output += output_tokens ?? 0
  }
  return all
}

export function spentUsd(book: Book, { price }: Pick<Deps, 'price'>): number | undefined {
  if (!price) return undefined
  const { batch, onDemand } = spentOf(book)
  return dollarsOf(batch, price, 'batch') + dollarsOf(onDemand, price, 'on-demand')
}

/** Dollars so far, as they end a line on what was done; '' where no price is known. */
export function spentSoFar(book: Book, deps: Pick<Deps, 'price'>): string {
  const usd = spentUsd(book, deps)
  return usd === undefined ? '' : `, ${dollarText(usd)} spent`
}

/**
 * Checks that the next calls are within the limit.
 *
 * @throws StopHere when they would exceed it
 */
export function checkBudget(
  book: Book,
  { price, maxUsd }: Pick<Deps, 'price' | 'maxUsd'>,
  next: Tokens,
  how: 'batch' | 'on-demand',
  what: string,
): void {
  if (maxUsd === undefined || !price) return
  const spent = spentUsd(book, { price }) ?? 0
  const wanted = dollarsOf(next, price, how)
  if (spent + wanted <= maxUsd) return
  throw new StopHere(
    `${what} may cost ${dollarText(wanted)}, ${dollarText(spent)} are spent, and ${dollarText(maxUsd)} is the most (--max-usd, or analyze.max_usd)`,
    '--max-usd MORE',
  )
}
