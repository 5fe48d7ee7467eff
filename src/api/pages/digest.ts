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

/** The digest as it was computed, for the command line. */
export async function wholeDigestOf(input: LocalInput, context: Context): Promise<Answer> {
  const { digest } = await madeFor(input, context, { ids: input.ids })
  return { kind: 'json', value: digest }
}

/** The digest of the rows that this reader may see, in the words of its page. */
export async function digestOf(input: Input, context: Context): Promise<Answer> {
  const { digest, selection } = await madeFor(input, context)
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

async function madeFor(input: Input | LocalInput, context: Context, more: { ids?: number } = {}) {
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
  const digest = await made(read, selection, { own, days: input.days ?? days, lines, ...more })
  return { digest, selection }
}
