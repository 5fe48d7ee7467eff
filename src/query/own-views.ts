import { fileURLToPath } from 'node:url'
import { type View, viewsIn } from './view.ts'

let read: readonly View[] | undefined

/** The views that loglake brings along: `views/`. */
export function ownViews(): readonly View[] {
  read ??= viewsIn(fileURLToPath(new URL('./views/', import.meta.url)))
  return read
}
