import type { Step } from './book.ts'

/** Where an analysis stands. */
export interface Standing {
  run: string
  begun: string
  /** Its last step, in words. */
  state: string
  selection: string
  why: string
  /** Destinations that its report goes to, and those that have it. */
  to: string[]
  sent: string[]
}

/** What steps tell of themselves, as far as it is listed. */
interface Told {
  selection?: { since: string; until: string }
  why?: string
  to?: string | string[]
}

/** All analyses with their last steps, in the order of their beginnings. */
export function standings(steps: readonly Step[]): Standing[] {
  const found = new Map<string, Standing>()
  for (const { run, kind, time, detail } of steps) {
    const before = found.get(run)
    const told = JSON.parse(detail ?? '{}') as Told
    const to = [told.to ?? []].flat()
    found.set(run, {
      run,
      begun: before?.begun ?? time,
      state: kind.replaceAll('_', ' '),
      selection:
        before?.selection ?? (told.selection ? `${told.selection.since} to ${told.selection.until}` : ''),
      why: kind === 'stopped' ? (told.why ?? '') : '',
      to: kind === 'begun' ? to : (before?.to ?? []),
      sent: [...(before?.sent ?? []), ...(kind === 'sent' ? to : [])],
    })
  }
  return [...found.values()].sort((a, b) => (a.begun < b.begun ? -1 : 1))
}

/** How the last step of an analysis is told; the others are told by their names. */
const STANDS: Readonly<Record<string, string>> = {
  asked: 'calls are made',
  'job wanted': 'a batch job is wanted',
  'job started': 'a batch job was started',
  'job read': 'a batch job was read',
  reduced: 'findings are put together',
  reported: 'report is made',
  sent: 'report is sent',
}

/** Where an analysis stands, in words; of a report that not all destinations have, how many have it. */
export function standsAt({ state, to, sent }: Pick<Standing, 'state' | 'to' | 'sent'>): string {
  const words = STANDS[state] ?? state
  const left = to.filter((name) => !sent.includes(name)).length
  return state === 'sent' && left > 0 ? `${words} to ${to.length - left} of ${to.length} destinations` : words
}
