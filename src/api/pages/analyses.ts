import { allSteps } from '../../analyze/run/book.ts'
import { standings } from '../../analyze/run/standings.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

export async function analysesOf(_: object, { objects, version }: Context): Promise<Answer> {
  const analyses = standings(await allSteps((sql) => objects(sql)))
  return { kind: 'json', seen: { rows: analyses.length }, value: { version: version.number, analyses } }
}
