import { digestOf as made, ownEvents } from '../../analyze/digest/digest.ts'
import { windowIn } from '../../analyze/newest.ts'
import { lineText } from '../../analyze/report/digest-page.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import type { Scoped } from '../shapes.ts'

interface Input {
  since?: string | undefined
  until?: string | undefined
  days?: number | undefined
  lines: number
  accounts: string[]
  regions: string[]
  services: string[]
  principals: string[]
}

/** From the command line, whose pages are made of the digest as it was computed. */
interface LocalInput extends Scoped {
  services?: string[] | undefined
  principals?: string[] | undefined
  days?: number | undefined
  lines: number
  ids: number
}

/** A digest of the rows that this reader may see. */
export async function digestOf(input: Input | LocalInput, context: Context): Promise<Answer> {
  const { window, days, own } = context.digests
  const { accounts, regions, services, principals, lines } = input
  const read = <Row>(sql: string) => context.objects<Row>(sql)
  const selection = {
    ...(await windowIn(read, window, input)),
    ...(accounts ? { accounts } : {}),
    ...(regions ? { regions } : {}),
    ...(services ? { services } : {}),
    ...(principals ? { principals } : {}),
  }
  const ids = 'ids' in input ? { ids: input.ids } : {}
  const digest = await made(read, selection, { own, days: input.days ?? days, lines, ...ids })
  if ('ids' in input) return { kind: 'json', value: digest }
  return {
    kind: 'json',
    seen: { rows: digest.lines.length },
    value: {
      version: context.version.number,
      since: selection.since,
      until: selection.until,
      past: digest.past,
      events: digest.events,
      principals: digest.principals,
      accounts: digest.accounts,
      own: ownEvents(digest.own),
      lines: digest.lines.map(({ readonly: _, ...line }) => ({ ...line, said: lineText(line) })),
      more: digest.more,
    },
  }
}
