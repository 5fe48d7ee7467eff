import { maybeNames, proseOf } from '../../claims/prose.ts'
import { originsOfResults } from '../../claims/statement.ts'
import type { Claim, Result } from '../contract.ts'
import type { AgentQueries } from '../queries.ts'
import type { Seals } from '../seal.ts'
import { type Claimed, checkClaim } from './claim.ts'

/** Checks the claims of answers over one version of the lake. */
export async function claimChecker(queries: AgentQueries) {
  const tables = await queries.tables()
  const questions = await queries.questions()
  const isProse = proseOf(tables, questions)

  return async (claims: readonly Claimed[], { seals }: { seals: Seals }): Promise<Claim[]> => {
    const { results } = queries
    const origins = await originsOfResults(results, tables)
    // A word in loglake's own descriptions may be a person's name in this lake.
    const names = await queries.namesAmong(claims.flatMap(({ text }) => maybeNames(text)))
    const about = ({ kind, name, title }: Result) => {
      const { doc = '' } = (kind === 'named' ? questions : tables).find((one) => one.name === name) ?? {}
      return kind === 'sql' ? '' : `${title}. ${kind === 'reading' ? '' : doc}`
    }
    return claims.map((claim) =>
      checkClaim(claim, {
        ...{ results, origins, seals, about },
        isProse: (word, isStart) => !names.has(word.toLowerCase()) && isProse(word, isStart),
      }),
    )
  }
}
