import { expect, it } from 'vitest'
import { reopened } from './reopened.ts'

const FATAL =
  'FATAL Error: Failed: database has been invalidated because of a previous fatal error. The database must be restarted prior to being used again.'

/** Something whose numbered instances can be broken. */
function breakable() {
  const opened: { number: number; broken: boolean; closed: boolean }[] = []
  const open = async () => {
    const one = {
      ...{ number: opened.length, broken: false, closed: false },
      close() {
        one.closed = true
      },
    }
    opened.push(one)
    return one
  }
  const asks = async ({ number, broken }: { number: number; broken: boolean }) => {
    if (broken) throw new Error(FATAL)
    return number
  }
  return { opened, open, asks }
}

it('is opened anew, once, when DuckDB has given it up, and the question is answered', async () => {
  const { opened, open, asks } = breakable()
  const desk = await reopened(open)
  expect(await desk.use(asks)).toBe(0)
  for (const one of opened) one.broken = true
  expect(await Promise.all([desk.use(asks), desk.use(asks), desk.use(asks)])).toEqual([1, 1, 1])
  expect(await desk.use(asks)).toBe(1)
  desk.close()
  expect(opened.map(({ closed }) => closed)).toEqual([true, true])
})

it('is not opened anew for another failure, and not again for a question that breaks it each time', async () => {
  const { opened, open } = breakable()
  const desk = await reopened(open)
  await expect(desk.use(() => Promise.reject(new Error('no such column')))).rejects.toThrow('no such column')
  expect(opened).toHaveLength(1)
  await expect(desk.use(() => Promise.reject(new Error(FATAL)))).rejects.toThrow('invalidated')
  expect(opened).toHaveLength(2)
})
