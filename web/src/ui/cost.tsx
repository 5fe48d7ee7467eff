import { usd as dollars, short } from '../time/format.ts'

/**
 * What is known of a cost, in words: tokens without a price are said, and never shown as $0; without tokens
 * there is no cost, and nothing is unpriced.
 */
export function costText(usd: number | null, unpriced: boolean): string {
  if (!usd) return unpriced ? 'unpriced' : '–'
  return unpriced ? `${dollars(usd)} +` : dollars(usd)
}

/** A cost in a cell; `unpriced` says whether there are tokens without a price. */
export function Cost({ usd, unpriced }: { usd: number | null; unpriced: boolean }) {
  const text = costText(usd, unpriced)
  const known = Boolean(usd)
  return (
    <span
      className={known ? undefined : 'faint'}
      title={
        unpriced
          ? known
            ? 'and tokens that have no price'
            : 'The price list has no price for this model'
          : known
            ? undefined
            : 'No tokens to pay for'
      }
    >
      {known ? dollars(usd ?? 0) : text}
      {known && unpriced && <span className="plus">+</span>}
    </span>
  )
}

/** A sum of costs as a number and a note below it. */
export function costFact(usd: number | null, unpriced: number): readonly [value: string, note: string] {
  const tokens = `${short(unpriced)} tokens`
  if (!usd) return unpriced > 0 ? ['unpriced', tokens] : ['–', 'no tokens to pay for']
  return [dollars(usd), unpriced > 0 ? `and ${tokens} unpriced` : 'every token has a price']
}
