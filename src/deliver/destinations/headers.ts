import { z } from 'zod'

/** Further headers of each request, as a service requires: a key, a tenant. */
export function headersSection() {
  const wanted = 'names of headers with their values are wanted'
  return z
    .record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'a name of a header is wanted'),
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a line end would begin another header
      z.string(wanted).regex(/^[^\x00-\x08\x0a-\x1f\x7f]*$/, 'a header has one line'),
      wanted,
    )
    .describe('Headers that each request has besides.')
    .default({})
}
