import { fileURLToPath } from 'node:url'
import { deliverTables } from '../deliver/tables.ts'
import { detect } from '../detect/follower.ts'
import { type DetectSettings, detectDefaults } from '../detect/settings.ts'
import { decisionTables } from '../detect/tables.ts'
import { detectViews } from '../detect/views.ts'
import type { Follower } from '../follow/contract.ts'
import type { AppendedTable, TableDefinition } from '../lake/table.ts'
import { type View, viewsIn } from '../query/view.ts'
import { summaries, summaryViews } from '../summaries/index.ts'
import { logTables, tableOf } from '../tables/index.ts'

/** loglake's followers; each is a folder and a line in this list. */
export const followers: readonly Follower[] = followersWith({ detect: detectDefaults })

/** The same, with settings of a configuration. */
export function followersWith(settings: { detect: DetectSettings }): readonly Follower[] {
  return [
    summaries(logTables),
    detect({ tables: detectedTables(settings.detect), settings: settings.detect }),
  ]
}

/** The tables that detection reads: those of our log types and of the user's own. */
export function detectedTables({ own = [] }: Pick<DetectSettings, 'own'>): readonly AppendedTable[] {
  return [...logTables, ...own.map(tableOf)]
}

/**
 * Tables that followers write, each once; those of routes, which a configuration names; and those that people
 * write.
 */
export const followerTables: readonly TableDefinition[] = [
  ...new Map(followers.flatMap(({ writes }) => writes.map((table) => [table.name, table]))).values(),
  ...decisionTables,
  ...deliverTables,
]

/** Views over these tables. */
export function followerViews(): readonly View[] {
  return [...summaryViews(), ...viewsIn(fileURLToPath(detectViews))]
}
