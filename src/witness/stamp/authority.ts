import { UserError } from '../../lib/errors.ts'

/** Maximum total time to wait for a stamp. */
const LONGEST_MS = 10_000
const MAX_BYTES = 1 << 20

/** Requests a stamp over HTTP: RFC 3161, section 3.4. The answer is not checked here. */
export async function askAuthority(url: string, request: Buffer, longestMs = LONGEST_MS): Promise<Buffer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(request),
      signal: AbortSignal.timeout(longestMs),
      redirect: 'error',
    })
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      parts.push(part)
      size += part.length
      if (size > MAX_BYTES) throw new UserError('the authority answers with more than a stamp')
    }
    if (!response.ok) throw new UserError(`the authority answers with status ${response.status}`)
    return Buffer.concat(parts)
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown
    if (thrown instanceof Error && thrown.name === 'TimeoutError')
      throw new UserError(`the authority has not answered within ${longestMs / 1000} s`, { cause: thrown })
    const { cause } = thrown as { cause?: { code?: string } }
    throw new UserError(`the authority does not answer: ${cause?.code ?? (thrown as Error).message}`, {
      cause: thrown,
    })
  }
}
