import type { OwnCount } from '../digest/digest.ts'
import { ranked } from '../entry.ts'
import { type Book, detailOf } from '../run/book.ts'
import type { Deps } from '../run/deps.ts'
import { itemOf } from '../run/map.ts'
import type { Reduced } from '../run/reduce.ts'
import { spentOf, spentUsd } from '../run/spent.ts'
import type { Selection } from '../selection.ts'
import type { Report } from './contract.ts'

/** The detail of the step `begun`. */
export interface Begun {
  selection: Selection
  own: OwnCount
  events: number
  how: 'batch' | 'on-demand'
  to: readonly string[]
}

export function reportOf(
  deps: Pick<Deps, 'price' | 'model' | 'batch'>,
  book: Book,
  reduced: Reduced,
): Report {
  const begun = detailOf<Begun>(book, 'begun') as Begun
  const rows = [...book.items.values()].filter(({ kind }) => kind === 'map')
  const { batch, onDemand } = spentOf(book)
  const usd = spentUsd(book, deps)
  const jobs = book.steps.filter(({ kind }) => kind === 'job_read')
  return {
    run: book.run,
    made_at: new Date().toISOString(),
    lake_version: book.steps.find(({ kind }) => kind === 'begun')?.lake_version ?? 0,
    selection: begun.selection,
    events: begun.events,
    own: begun.own,
    findings: ranked(reduced.entries).map((entry) => ({
      id: entry.id,
      severity: entry.severity,
      text: entry.text,
      struck: entry.struck,
      who: entry.principals,
      services: entry.services,
      regions: entry.regions,
      accounts: entry.accounts,
      events: entry.events,
      evidence: entry.ids,
    })),
    is_reduced: reduced.isReduced,
    merging: { calls: reduced.knots, unanswered: reduced.unanswered },
    calls: {
      items: rows.length,
      done: rows.filter(({ state }) => state === 'done').length,
      jobs: jobs.length,
    },
    not_analysed: rows
      .filter(({ state }) => state === 'not_analysed')
      .map((row) => {
        const { from, to } = itemOf(row)
        const { about, account, events, error } = row
        return { about: about ?? '', account: account ?? '', from, to, events, why: error ?? 'no answer' }
      }),
    taken_out: {
      unknown_handles: reduced.unknownHandles,
      without_rows: reduced.refused,
      sentences_struck: reduced.struck,
    },
    cost: {
      model:
        [...new Set([deps.batch?.model, deps.model?.name.replace(/^[\w-]+\//, '')].filter(Boolean))].join(
          ', ',
        ) || 'no model',
      input_tokens: batch.input + onDemand.input,
      output_tokens: batch.output + onDemand.output,
      batch_input_tokens: batch.input,
      batch_output_tokens: batch.output,
      usd: usd ?? null,
      price: deps.price?.source ?? null,
    },
    notes: jobs.flatMap(({ job, detail }) => notesOf(job ?? '', detail)),
  }
}

function notesOf(job: string, detail: string | null): string[] {
  const { state, message, notes } = JSON.parse(detail ?? '{}') as {
    state?: string
    message?: string
    notes?: readonly string[]
  }
  const ended =
    state === 'Completed' ? [] : [`Batch job ${job} ended ${state}${message ? `: ${message}` : ''}.`]
  return [...ended, ...(notes ?? []).map((note) => `Batch job ${job}: ${note}.`)]
}
