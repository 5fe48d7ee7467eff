import type { Configured } from '../config/config.ts'
import { digestViews } from '../digests/report.ts'
import { followerViews } from '../followers/index.ts'
import { ownViews } from '../query/own-views.ts'
import { type View, viewsIn } from '../query/view.ts'

/** The views that can be queried: loglake's own, and those in the folder that the configuration names. */
export function viewsOf({ values }: Configured): readonly View[] {
  const ours = [...ownViews(values.prices), ...followerViews(), ...digestViews()]
  return values.views === undefined ? ours : [...ours, ...viewsIn(values.views)]
}
