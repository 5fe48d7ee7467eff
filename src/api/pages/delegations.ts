import { DAY_MS } from '../../lib/day.ts'
import { addDelegation, delegationsAt, endDelegation, type KeptDelegation } from '../../review/delegation.ts'
import type { People } from '../../review/people.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { notFound, Problem } from '../problem.ts'
import { handsOver } from '../rights.ts'

/** Managers see their own stand-ins and those they stand in for; operators and auditors see all. */
async function seenBy({ reader, version, readAll }: Context): Promise<KeptDelegation[]> {
  const all = await delegationsAt(version, readAll)
  return reader.role === 'manager'
    ? all.filter(({ from, to }) => from === reader.name || to === reader.name)
    : all
}

function mayEnd({ reader, now }: Context, { from, ends }: KeptDelegation): boolean {
  const isTheirs = handsOver(reader) && from === reader.name
  const runsIt = reader.role === 'operator' && reader.signedIn !== 'token'
  return (isTheirs || runsIt) && ends > now().toISOString()
}

export async function delegationsOf(_: object, context: Context): Promise<Answer> {
  const now = context.now().toISOString()
  const rows = await seenBy(context)
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      version: context.version.number,
      rows: rows.map((one) => ({
        id: one.id,
        from: one.from,
        to: one.to,
        begins: one.begins,
        ends: one.ends,
        state: one.ends <= now ? 'over' : one.begins <= now ? 'now' : 'coming',
        reason: one.reason,
        by: one.by,
        at: one.at,
        ended_by: one.ended?.by ?? null,
        ended_at: one.ended?.at ?? null,
        ended_why: one.ended?.reason ?? null,
        may_end: mayEnd(context, one),
      })),
    },
  }
}

/** Tolerated difference between the clocks of people and machines. */
const SKEW_MS = 300_000
const LONGEST_MS = 366 * DAY_MS

interface Input {
  to: string
  from?: string | undefined
  until: string
  reason: string
}

export async function delegateOf({ to, from, until, reason }: Input, context: Context): Promise<Answer> {
  const { lake, reader, reviews } = context
  const now = context.now()
  const beginsMs = from === undefined ? now.getTime() : Date.parse(from)
  const endsMs = Date.parse(until)
  const wrong = (field: string, what: string) => new Problem(422, 'Wrong input', `${field}: ${what}`)
  if (to === reader.name) throw wrong('to', 'nobody stands in for themselves')
  if (!isKnown(reviews.people(), to))
    throw wrong('to', 'the people file has nobody of that name: a stand-in is named as they sign in')
  if (beginsMs < now.getTime() - SKEW_MS) throw wrong('from', 'it cannot begin in the past')
  if (endsMs <= Math.max(beginsMs, now.getTime())) throw wrong('until', 'it has to end after it begins')
  if (endsMs - beginsMs > LONGEST_MS) throw wrong('until', 'a year is the longest')
  const one = {
    from: reader.name,
    to,
    begins: new Date(beginsMs).toISOString(),
    ends: new Date(endsMs).toISOString(),
  }
  const id = await addDelegation(lake, { ...one, reason, by: byOf(context) }, now)
  return {
    kind: 'json',
    seen: { rows: 1, about: id },
    value: { id, to, begins: one.begins, ends: one.ends },
  }
}

/** Rejects an unknown name: with a typing error nobody would stand in, unnoticed. */
function isKnown({ lines }: People, name: string): boolean {
  return lines.length === 0 || lines.some(({ person, manager }) => person === name || manager === name)
}

export async function delegationEndOf(
  { id, reason }: { id: string; reason: string },
  context: Context,
): Promise<Answer> {
  const found = (await seenBy(context)).find((one) => one.id === id)
  if (!found) throw notFound()
  if (found.ends <= context.now().toISOString()) throw new Problem(409, 'Overtaken', 'It is over.')
  if (!mayEnd(context, found)) throw new Problem(403, 'Not allowed', `${found.from} ends it, or an operator.`)
  const ended = await endDelegation(
    context.lake,
    context.readAll,
    { id, reason, by: byOf(context) },
    context.now(),
  )
  return { kind: 'json', seen: { rows: 1, about: id }, value: { id, ended } }
}

function byOf({ reader: { subject, name, role, signedIn } }: Context) {
  return { subject, name, role, signedIn }
}
