import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

export async function routesOf(_: object, { routes: standings, version }: Context): Promise<Answer> {
  const found = await standings(version)
  const routes = found.map(({ behind, why, ...one }) => ({
    ...one,
    behind: behind ?? null,
    why: why ?? null,
  }))
  return { kind: 'json', seen: { rows: routes.length }, value: { version: version.number, routes } }
}
