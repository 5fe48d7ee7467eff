import { UserError } from '../lib/errors.ts'
import type { Scorer } from '../scan/contract.ts'

export interface HttpOptions {
  name: string
  version: string
  url: string
  /** With credentials, for example `authorization`. They go nowhere but there: a redirection is refused. */
  headers?: Readonly<Record<string, string>>
}

/**
 * An HTTP endpoint as a scorer: `POST {"passages": [{"role": …, "text": …}]}` is answered by `{"scores": [number]}`.
 *
 * @throws UserError when it does not answer, or something else
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

const MOST_ANSWER = 1_000_000

/** What an endpoint answers to JSON, as JSON. Its text is in no error: it may repeat what was sent. */
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
    if (text.length <= MOST_ANSWER) return JSON.parse(text)
  } catch {
    // Said below.
  }
  throw new UserError(`the scorer ${name} answered something that is no JSON, or too much of it`)
}
