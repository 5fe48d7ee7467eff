import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok } from '../contract.ts'
import { standingOf } from '../facts.ts'
import { age } from '../words.ts'

/** Lag above which a follower counts as stopped. */
const LATE_MS = 30 * 60_000

export const followers: Check = {
  name: 'followers',
  group: 'The lake',
  title: 'Followers keep up',
  doc: 'Summaries, findings and deliveries have read new data within half an hour, and none lost its position.',
  permissions: [],
  mends: '`loglake follow`, or `loglake run` with followers.',
  async run(premises) {
    const { followers: all } = await standingOf(premises)
    if (all.length === 0) return [none('no follower has read anything yet')]
    const late = all.flatMap(({ name, state, rows, behindMs }): Line[] => {
      if (state === 'let-go')
        return [
          not(
            'it was let go, since it stood still: its rows end there',
            {
              does: 'Let it read again from where it is told.',
              commands: [sh`loglake follow ${name}`],
              ours: true,
            },
            name,
          ),
        ]
      if (state !== 'following' || behindMs <= LATE_MS) return []
      return [
        not(
          `it is ${rows} rows and ${age(behindMs)} behind`,
          {
            does: 'Let it work, and see why it stands still.',
            commands: [sh`loglake follow ${name}`, 'loglake followers'],
            ours: true,
          },
          name,
        ),
      ]
    })
    return late.length > 0 ? late : [ok(`${all.length} follow, none more than ${age(LATE_MS)} behind`)]
  },
}
