import { type Check, type Line, none, not, ok } from '../contract.ts'
import { standingOf } from '../facts.ts'

export const deadLetters: Check = {
  name: 'dead-letters',
  group: 'Logs arrive',
  title: 'No message led to nothing',
  doc: 'Messages without a readable object are kept in the lake; this check counts those that were not replayed.',
  permissions: [],
  mends: '`loglake deadletters` shows them, and tries them again.',
  async run(premises) {
    const { sources } = await standingOf(premises)
    if (sources.length === 0) return [none('nothing was read yet')]
    const found = sources.flatMap(({ name, deadLetters: count }): Line[] =>
      count === 0
        ? []
        : [
            not(
              `${count} message${count === 1 ? '' : 's'} led to nothing`,
              {
                does: 'See why, mend that, and try them again.',
                commands: ['loglake deadletters', 'loglake deadletters replay'],
              },
              name,
            ),
          ],
    )
    return found.length > 0 ? found : [ok('none')]
  },
}
