import { expect, test } from 'vitest'
import type { TimeForm } from './definition.ts'
import { parseTimestamp } from './timestamp.ts'

test.each<[TimeForm, string, string | undefined, boolean?]>([
  ['iso', '2026-01-07T22:16:43Z', '2026-01-07T22:16:43Z', true],
  ['iso', '2026-01-07T22:16:43.123456Z', '2026-01-07T22:16:43.123456Z', true],
  ['iso', '2026-01-31T22:16:43.5Z', '2026-01-31T22:16:43.5Z', true],
  ['iso', '2026-01-07T22:16:43.123456789Z', '2026-01-07T22:16:43.123456Z', false],
  ['iso', '2026-01-07T22:16:43.123456000Z', '2026-01-07T22:16:43.123456Z', true],
  ['iso', '2026-01-07T23:16:43+01:00', '2026-01-07T22:16:43Z', false],
  ['iso', '2026-01-07T22:16:43+00:00', '2026-01-07T22:16:43Z', true],
  ['iso', '2026-01-07 22:16:43 UTC', '2026-01-07T22:16:43Z', true],
  ['iso', '20260107T221643Z', '2026-01-07T22:16:43Z', true],
  ['iso', '2026-02-30T22:16:43Z', undefined],
  ['iso', '2026-01-07T24:16:43Z', undefined],
  ['iso', '0000-01-07T22:16:43Z', undefined],
  ['iso', '2026-01-07T22:16:43', undefined],
  ['iso', '1767824203', undefined],
  ['iso-utc', '2026-01-07 22:16:43,123', '2026-01-07T22:16:43.123Z', true],
  ['iso-utc', '2026-01-07T22:16:43', '2026-01-07T22:16:43Z', true],
  ['iso-utc', '2026-01-07T23:16:43+01:00', '2026-01-07T22:16:43Z', false],
  ['iso-utc', '2026-01-07', undefined],
  ['epoch-seconds', '1767824203', '2026-01-07T22:16:43Z', true],
  ['epoch-seconds', '1767824203.123456', '2026-01-07T22:16:43.123456Z', true],
  ['epoch-seconds', '1767824203.1234567', '2026-01-07T22:16:43.123456Z', false],
  ['epoch-seconds', '-1', '1969-12-31T23:59:59Z', true],
  ['epoch-seconds', '-0.5', '1969-12-31T23:59:59.5Z', true],
  ['epoch-seconds', '1.767824203e9', undefined],
  ['epoch-seconds', '253402300800', undefined],
  ['epoch-milliseconds', '1767824203123', '2026-01-07T22:16:43.123Z', true],
  ['epoch-milliseconds', '1767824203123.5', '2026-01-07T22:16:43.1235Z', true],
  ['epoch-microseconds', '1767824203123456', '2026-01-07T22:16:43.123456Z', true],
  ['epoch-nanoseconds', '1767824203123456789', '2026-01-07T22:16:43.123456Z', false],
  ['epoch-nanoseconds', '1767824203123456000', '2026-01-07T22:16:43.123456Z', true],
  ['epoch-milliseconds', '', undefined],
  ['epoch-milliseconds', 'soon', undefined],
])('%s %s', (form, text, plain, exact) => {
  const timestamp = parseTimestamp(text, form)
  expect(timestamp?.plain).toBe(plain)
  expect(timestamp?.exact).toBe(exact)
})
