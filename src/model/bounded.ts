/** Most bytes that are read of one answer, many times what a model writes with all that comes around each of its words. */
const MOST_BYTES = 64 << 20

/**
 * `fetch` for providers: what answers without end fills no memory, and no key goes to another address because an answer says so.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers)
  // As our clients of AWS do: by it, our own calls are told from others in the logs. No signature covers it.
  headers.set('user-agent', `${headers.get('user-agent') ?? ''} app/loglake`.trim())
  const response = await fetch(input, { ...init, headers, redirect: 'manual' })
  if (response.body === null) return response
  let read = 0
  const bounds = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, out) {
      read += piece.byteLength
      if (read > MOST_BYTES)
        throw new Error('the answer was aborted: it is longer than any answer of a model')
      out.enqueue(piece)
    },
  })
  const { status, statusText, headers: answered } = response
  return new Response(response.body.pipeThrough(bounds), { status, statusText, headers: answered })
}
