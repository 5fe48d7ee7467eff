import { dollarsOf, dollarText, type Tokens } from '../cost.ts'
import type { Book } from './book.ts'
import { type Deps, StopHere } from './deps.ts'

/** Tokens of an analysis so far, by how they were asked. */
export interface Spent {
  batch: Tokens
  onDemand: Tokens
}

/** What was asked and answered: also calls whose answer was of no use, as far as the provider said what they took. */
export function spentOf(book: Book): Spent {
  const batch = { input: 0, output: 0 }
  const onDemand = { input: 0, output: 0 }
  for (const { job, input_tokens, output_tokens } of book.items.values()) {
    const part = job === null ? onDemand : batch
    part.input += input_tokens ?? 0
    part.output += output_tokens ?? 0
  }
  return { batch, onDemand }
}

export function spentUsd(book: Book, { price }: Pick<Deps, 'price'>): number | undefined {
  if (!price) return undefined
  const { batch, onDemand } = spentOf(book)
  return dollarsOf(batch, price, 'batch') + dollarsOf(onDemand, price, 'on-demand')
}

/**
 * Whether what comes next may still be paid.
 *
 * @throws StopHere when it would go beyond the limit
 */
export function checkBudget(
  book: Book,
  { price, mostUsd }: Pick<Deps, 'price' | 'mostUsd'>,
  next: Tokens,
  how: 'batch' | 'on-demand',
  what: string,
): void {
  if (mostUsd === undefined || !price) return
  const spent = spentUsd(book, { price }) ?? 0
  const wanted = dollarsOf(next, price, how)
  if (spent + wanted <= mostUsd) return
  throw new StopHere(
    `${what} may cost ${dollarText(wanted)}, ${dollarText(spent)} are spent, and ${dollarText(mostUsd)} is the most (--max-usd, or analyze.max_usd)`,
  )
}
