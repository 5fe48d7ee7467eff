import type { Engine } from '../../lib/duckdb.ts'
import { describedRules } from '../described.ts'
import type { DetectorKind, OpenDetector, Turn } from '../turn.ts'
import { artefacts } from './artefacts.ts'
import type { Part } from './contract.ts'
import { first } from './first.ts'
import { guarded } from './guarded.ts'
import { guardrails } from './guardrails.ts'
import { hours } from './hours.ts'
import { spending } from './spending.ts'

/** The baselines; each is a file and a line here. */
const parts: readonly Part[] = [first, hours, guardrails, artefacts, guarded, spending]

/**
 * Finds what is new or unusual, compared with what the lake remembers: first uses of an API, a Region, a
 * model; hours with far more calls, errors, denials or costs than the same hour of past days; guardrails that
 * became weaker, calls without one, models that were replaced. Baselines that need history are silent until
 * an account has `detect.history_days` of it.
 */
export const baselines: DetectorKind = {
  name: 'baselines',
  doc: 'Reports what a principal does for the first time, and hours with far more activity than the same hour of past days.',
  rules: () => [...describedRules('baselines').values()],
  open,
}

function open(turn: Turn): OpenDetector {
  const { changes, settings } = turn
  const rules = describedRules('baselines')
  const ran = new Set<Part>()
  return {
    name: baselines.name,
    doc: baselines.doc,
    rules: [...rules.values()],
    needs: [...new Set(parts.map(({ table }) => table))],
    async *find({ added, engine, failed, signal }) {
      const days = String(settings.history_days)
      const rule = (name: string | undefined) => {
        const found = name === undefined ? undefined : rules.get(name)
        return found && turn.isOn(found) ? found : undefined
      }
      const names = new Map<string, Promise<ReadonlySet<string>>>()
      for (const part of parts) {
        const rows = added.get(part.table)
        if (rows === undefined) continue
        try {
          const rowsOf = async (...events: string[]) => {
            const found = names.get(part.table) ?? eventNames(engine, rows)
            names.set(part.table, found)
            const there = await found
            return events.some((name) => there.has(name)) ? rows : `(select * from ${rows} limit 0)`
          }
          yield* part.find({ engine, signal, rows, rowsOf, changes, days, prices: settings.prices, rule })
          ran.add(part)
        } catch (thrown) {
          signal.throwIfAborted()
          for (const name of part.rules) {
            const own = rule(name)
            if (own) failed(own, thrown)
          }
        }
      }
    },
    remembers() {
      const selects: Record<string, string> = {}
      for (const { remembers } of ran)
        for (const [table, select] of Object.entries(remembers))
          selects[table] =
            selects[table] === undefined ? select : `${selects[table]} union all by name ${select}`
      return selects
    },
  }
}

/** The event names in new rows: this column is fast to scan. */
async function eventNames(engine: Engine, rows: string): Promise<ReadonlySet<string>> {
  const found = await engine.rows(`select distinct eventname from ${rows}`)
  return new Set(found.map(([name]) => String(name)))
}
