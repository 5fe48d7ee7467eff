import { expect, it } from 'vitest'
import { recordOf, runnable } from './sql.ts'

it('fills parameters in, quoted, and takes the head away', () => {
  const sql = '-- What a person did\n-- $person: who\nselect * from x where who = $person and day >= $since\n'
  const parameters = { person: "o'neil", since: null }
  expect(runnable({ sql, parameters })).toBe("select * from x where who = 'o''neil' and day >= null")
})

it('finds the record of a row by its key', () => {
  const columns = [
    { name: 'actor', type: 'VARCHAR' },
    { name: 'eventid', type: 'VARCHAR' },
  ]
  expect(recordOf({ columns }, ['ana', 'e-1'])).toEqual({ table: 'cloudtrail', id: 'e-1' })
  expect(recordOf({ columns }, ['ana', null])).toBeUndefined()
})
