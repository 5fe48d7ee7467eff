import { setTimeout as wait } from 'node:timers/promises'

/** A service returned a page token for the second time, which would lead to an endless loop. */
export class RepeatedToken extends Error {
  override name = 'RepeatedToken'
}

/**
 * Follows a service's page tokens. Only a page without a token is the last one: a page without content may be
 * followed by many.
 */
export async function* pages<Page>(
  ask: (token: string | undefined) => Promise<{ page: Page; next: string | undefined }>,
): AsyncGenerator<Page> {
  const tokens = new Set<string>()
  for (let token: string | undefined; ; ) {
    const { page, next } = await ask(token)
    yield page
    if (next === undefined || next === '') return
    if (tokens.has(next)) throw new RepeatedToken('the service repeats a token')
    tokens.add(next)
    token = next
  }
}

/** Spaces calls evenly to a rate per second: AWS counts them by account and Region. */
export function pace(perSecond: number): (signal?: AbortSignal) => Promise<void> {
  const gapMs = 1000 / perSecond
  let nextMs = 0
  return async (signal) => {
    const nowMs = performance.now()
    const mineMs = Math.max(nowMs, nextMs)
    nextMs = mineMs + gapMs
    if (mineMs > nowMs) await wait(mineMs - nowMs, undefined, signal ? { signal } : {}).catch(() => undefined)
  }
}
