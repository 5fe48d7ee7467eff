import { holdsAt } from '../../erase/holds.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

export async function holdsOf(_: object, { lake, version }: Context): Promise<Answer> {
  const holds = await holdsAt(lake, version)
  return { kind: 'json', seen: { rows: holds.length }, value: { version: version.number, holds } }
}
