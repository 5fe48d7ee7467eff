import { fileURLToPath } from 'node:url'
import { priceView } from './prices.ts'
import { type View, viewsIn } from './view.ts'

/** Read once: they are files of the program. */
let read: { files: readonly View[]; prices: View } | undefined

/**
 * loglake's built-in views: those in `views/`, and the prices of models.
 *
 * @param prices a user's own list of prices
 */
export function ownViews(prices?: string): readonly View[] {
  read ??= { files: viewsIn(fileURLToPath(new URL('./views/', import.meta.url))), prices: priceView() }
  return [...read.files, prices === undefined ? read.prices : priceView(prices)]
}
