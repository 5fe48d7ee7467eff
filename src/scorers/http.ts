import { UserError } from '../lib/errors.ts'
import type { Scorer } from '../scan/contract.ts'

export interface HttpOptions {
  name: string
  version: string
  url: string
  /**
   * With credentials, for example `authorization`. They are sent to this address only: a redirect is refused.
   */
  headers?: Readonly<Record<string, string>>
}

/**
 * An HTTP endpoint as a scorer: it answers `POST {"passages": [{"role": …, "text": …}]}` with `{"scores":
 * [number]}`.
 *
 * @throws UserError when it does not answer, or answers anything else
 */
export function httpScorer({ name, version, url, headers = {} }: HttpOptions): Scorer {
  return {
    name,
    version,
    async score(passages, signal) {
      const body = { passages: passages.map(({ role, text }) => ({ role, text })) }
      const answer = (await post(name, url, headers, body, signal)) as { scores?: unknown }
      const scores = answer.scores
      const isScore = (score: unknown) => typeof score === 'number' && score >= 0 && score <= 1
      if (!Array.isArray(scores) || scores.length !== passages.length || !scores.every(isScore))
        throw new UserError(
          `the scorer ${name} did not answer {"scores": […]} with a score from 0 to 1 for each passage`,
        )
      return scores as number[]
    },
  }
}

const MAX_ANSWER = 1_000_000

/** Posts JSON and parses the JSON answer. No error contains its text: it may repeat what was sent. */
export async function post(
  name: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let answer: Response
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      ...(signal ? { signal } : {}),
    })
  } catch (thrown) {
    throw new UserError(`the scorer ${name} does not answer at ${new URL(url).origin}`, { cause: thrown })
  }
  if (!answer.ok) {
    await answer.body?.cancel()
    throw new UserError(`the scorer ${name} answered ${answer.status}`)
  }
  const text = await answer.text()
  try {
    if (text.length <= MAX_ANSWER) return JSON.parse(text)
  } catch {
    // Reported below.
  }
  throw new UserError(`the scorer ${name} answered something that is no JSON, or too much of it`)
}
