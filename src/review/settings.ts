import { z } from 'zod'
import { section, text, whole, yesNo } from '../lib/settings.ts'

/** `review` in loglake.yaml: which sessions are reviewed, by whom, until when. */
export function reviewSection() {
  return section(
    {
      people: text(
        'A CSV file that says who is whose manager: person, manager, from, until; from the folder of this file on.',
      ).optional(),
      days: whole(1, 'Days from the start of a session until a decision on it is due.').default(7),
      refused: yesNo('Whether sessions that were refused are reviewed.').default(true),
      runs: yesNo("Whether runs of agents that used tools are reviewed, loglake's own among them.").default(
        true,
      ),
      leave_out: z
        .array(
          section(
            {
              who: text('A pattern that a person or role matches.'),
              why: text('Why their sessions are not reviewed; reports say it.'),
            },
            'Whose sessions are not reviewed.',
          ),
          'a list is wanted',
        )
        .describe('Sessions that are not reviewed, each with a reason; they are counted in every report.')
        .default([]),
      second_look: section(
        {
          denied: yesNo('Whether another person looks at every denial again.').default(false),
          break_glass: yesNo(
            'Whether another person looks at sessions of roles for emergencies again.',
          ).default(false),
          percent: z
            .int('a whole number is wanted')
            .min(0)
            .max(100)
            .describe('Of all other decisions, so many in a hundred.')
            .default(0),
        },
        'What the manager of the reviewer looks at again.',
      ).prefault({}),
    },
    'How sessions are reviewed.',
  )
}
