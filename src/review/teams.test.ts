import { describe, expect, it } from 'vitest'
import { linesOf, type People, peopleOf } from './people.ts'
import { teamSpansOf } from './teams.ts'

const people = (...lines: string[]): People => ({
  sha256: null,
  changed: null,
  lines: linesOf(['person,manager,from,until,team', ...lines].join('\n'), 'p.csv'),
})

/** What the spans say of a day; more than one team would count a call twice. */
function teamsOn(day: string, name: string, given: People): string[] {
  return teamSpansOf(given)
    .filter(
      (one) =>
        one.name === name && (one.from === '' || one.from <= day) && (one.until === '' || day < one.until),
    )
    .map(({ team }) => team)
}

describe('teams by the people file', () => {
  const given = people(
    'ana,mia,,,risk',
    'ana,mia,2026-02-01,2026-03-01,fraud',
    'bo,mia,,2026-02-01,risk',
    'bo,mia,2026-02-01,,',
    'cy,mia,2026-01-05,2026-01-10,data',
    'cy,mia,2026-01-10,2026-01-20,data',
    'Role,,,,support',
  )

  it.each([
    ['ana', '2026-01-31', ['risk']],
    ['ana', '2026-02-01', ['fraud']],
    ['ana', '2026-02-28', ['fraud']],
    ['ana', '2026-03-01', ['risk']],
    ['bo', '2026-01-31', ['risk']],
    ['bo', '2026-02-01', []],
    ['cy', '2026-01-04', []],
    ['cy', '2026-01-09', ['data']],
    ['cy', '2026-01-10', ['data']],
    ['cy', '2026-01-20', []],
    ['Role', '1999-01-01', ['support']],
    ['nobody', '2026-01-01', []],
  ])('%s is on %s in %s', (name, day, teams) => {
    expect(teamsOn(day, name, given)).toEqual(teams)
  })

  it('a name has one team on a day at most, however many lines overlap', () => {
    const days = Array.from({ length: 40 }, (_, n) =>
      new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10),
    )
    const pick = (n: number) => days[(n * 7919) % days.length] as string
    for (let turn = 0; turn < 60; turn++) {
      const lines = Array.from({ length: 6 }, (_, n) => {
        const [from, until] = [pick(turn * 13 + n), pick(turn * 31 + n * 5 + 3)].sort() as [string, string]
        return `ana,mia,${n % 4 === 0 ? '' : from},${n % 3 === 0 ? '' : until},${n === 4 ? '' : `t${n}`}`
      })
      const some = people(...lines)
      for (const day of days) {
        const line = some.lines.findLast(
          (one) => (one.from === '' || one.from <= day) && (one.until === '' || day < one.until),
        )
        expect(teamsOn(day, 'ana', some), `${day}: ${lines.join(' ')}`).toEqual(line?.team ? [line.team] : [])
      }
    }
  })

  it('has none where the file names none', () => {
    const without = { ...people(), lines: linesOf('person,manager\nana,mia', 'p.csv') }
    expect(teamSpansOf(without)).toEqual([])
  })

  it('a line for a team alone gives nobody rights over it', () => {
    expect(peopleOf(given, '')).toEqual([])
    expect(peopleOf(given, 'mia').map(({ person }) => person)).not.toContain('Role')
  })
})
