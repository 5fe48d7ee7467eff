/**
 * Maximum bytes read of one answer: many times the length of any model's output, with all that surrounds each
 * word.
 */
const MAX_BYTES = 64 << 20

/**
 * `fetch` for providers: an endless answer cannot fill memory, and no redirect sends the key to another
 * address.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers)
  // The same mark as on our AWS clients: it distinguishes our own calls in the logs. No signature covers this
  // header.
  headers.set('user-agent', `${headers.get('user-agent') ?? ''} app/loglake`.trim())
  const response = await fetch(input, { ...init, headers, redirect: 'manual' })
  if (response.body === null) return response
  let read = 0
  const bounds = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, out) {
      read += piece.byteLength
      if (read > MAX_BYTES) throw new Error('the answer was aborted: it is longer than any answer of a model')
      out.enqueue(piece)
    },
  })
  const { status, statusText, headers: answered } = response
  return new Response(response.body.pipeThrough(bounds), { status, statusText, headers: answered })
}
