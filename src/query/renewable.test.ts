import { expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { isLost, renewable } from './renewable.ts'

it('gives a new engine after one was given up, and closes the old one', async () => {
  let opened = 0
  const engines = await renewable(async () => {
    opened++
    const engine = await openEngine({ threads: 1 })
    await engine.run(`create table opened as select ${opened} as n`)
    return engine
  })
  const first = await engines.get()
  expect(await first.rows('from opened')).toEqual([[1]])
  engines.renew(first)
  const second = await engines.get()
  // A second question reports the same lost engine.
  engines.renew(first)
  expect(await engines.get()).toBe(second)
  expect(await second.rows('from opened')).toEqual([[2]])
  await expect(first.rows('from opened')).rejects.toThrow()
  engines.close()
})

it('one that cannot be opened is tried again', async () => {
  let opened = 0
  const engines = await renewable(async () => {
    if (++opened === 2) throw new Error('no memory')
    return await openEngine({ threads: 1 })
  })
  engines.renew(await engines.get())
  await expect(engines.get()).rejects.toThrow('no memory')
  expect(await (await engines.get()).rows('select 1')).toEqual([[1]])
  engines.close()
})

it.each([
  ['FATAL Error: Failed: database has been invalidated because of a previous fatal error.', true],
  ['INTERNAL Error: Attempted to access index 3 within vector of size 2', true],
  ['Binder Error: no such column', false],
  ["Conversion Error: Could not convert string 'FATAL Error: no' to INT32", false],
])('knows whose fault it is: %s', (text, lost) => {
  expect(isLost(new Error(text))).toBe(lost)
  expect(isLost(new UserError('the question', { cause: new Error(text) }))).toBe(lost)
})
