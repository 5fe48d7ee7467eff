import { expect, it } from 'vitest'
import { type Completable, completions } from './complete.ts'

const names: Completable = {
  tables: new Map([
    ['cloudtrail', ['eventid', 'eventname', 'eventtime']],
    ['session', ['who', 'started']],
    ['loglakeblog.from_cloudtrail_readready', ['eventname']],
  ]),
  functions: ['count', 'coalesce', 'date_trunc'],
  queries: new Map([['sessions-longer-than', ['minutes']]]),
  commands: ['\\d', '\\x', '\\timing', '\\run'],
}
const hits = (before: string) => completions(before, names)[0]

it('completes tables and views behind FROM and JOIN', () => {
  expect(hits('select 1 from cl')).toEqual(['cloudtrail'])
  expect(hits('FROM session join log')).toEqual(['loglakeblog.from_cloudtrail_readready'])
  expect(hits('from ')).toHaveLength(3)
})

it('completes the columns of the tables that are named', () => {
  expect(hits('from cloudtrail select eventn')).toEqual(['eventname'])
  expect(hits('from session where st')).toEqual(['started'])
  expect(hits('select eventn')).toEqual([])
})

it('completes columns behind a table or its alias', () => {
  expect(completions('from cloudtrail c where c.eventt', names)).toEqual([['c.eventtime'], 'c.eventt'])
  expect(hits('from cloudtrail as c, session where cloudtrail.eventi')).toEqual(['cloudtrail.eventid'])
  expect(hits('from session where session.')).toEqual(['session.who', 'session.started'])
})

it('completes functions and keywords, whatever their case', () => {
  expect(hits('select DATE')).toEqual(['date_trunc('])
  expect(hits('from session where who is not nu')).toEqual(['null', 'nulls'])
})

it('completes its own commands and what they take', () => {
  expect(hits('\\t')).toEqual(['\\timing'])
  expect(hits('\\d se')).toEqual(['session'])
  expect(hits('\\run sess')).toEqual(['sessions-longer-than'])
  expect(hits('\\run sessions-longer-than mi')).toEqual(['minutes='])
})

it('has nothing for a hostile word', () => {
  expect(hits(`from ${'('.repeat(10_000)}`)).toEqual([...names.tables.keys()].slice(0, 0))
})
