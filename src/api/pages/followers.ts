import { followersOf as standingOf } from '../../follow/standing.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

export async function followersOf(_: object, { version, now }: Context): Promise<Answer> {
  const found = await standingOf(version, now().getTime())
  const followers = found.map(({ name, state, replay, seenMs, behind, tables }) => ({
    name,
    state,
    replay: replay ?? null,
    seen: new Date(seenMs).toISOString(),
    behind,
    tables: tables.map((one) => ({ table: one.table, seen: one.cursor.seen, behind: one.behind })),
  }))
  return { kind: 'json', seen: { rows: found.length }, value: { version: version.number, followers } }
}
