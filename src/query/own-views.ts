import { fileURLToPath } from 'node:url'
import { priceView } from './prices.ts'
import { type View, viewsIn } from './view.ts'

let read: readonly View[] | undefined

/**
 * loglake's built-in views: those in `views/`, and the prices of models.
 *
 * @param prices a user's own list of prices
 */
export function ownViews(prices?: string): readonly View[] {
  read ??= viewsIn(fileURLToPath(new URL('./views/', import.meta.url)))
  return [...read, priceView(prices)]
}
