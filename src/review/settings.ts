import { z } from 'zod'
import { names, section, text, whole, yesNo } from '../lib/settings.ts'
import type { ReviewRules } from './population.ts'
import type { ReminderRules } from './reminders/due.ts'

/** `review` in loglake.yaml: which sessions are reviewed, by whom, until when. */
export function reviewSection() {
  return section(
    {
      people: text(
        "A CSV file with each person's manager: person, manager, from, until; relative to the folder of this file.",
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
      remind: section(
        {
          to: names(
            'Destinations, by their names under `destinations`, that notify people of reviews that wait for them; without any, no notices are sent.',
          ).default([]),
          assigned: yesNo('Whether a reviewer is notified as soon as a review is assigned.').default(false),
          before_days: dayList('Days before a decision is due.').default([3, 1]),
          after_days: dayList(
            "Days after it was due; from then on the reviewer's manager is notified, too.",
          ).default([0, 1, 3, 7]),
          unassigned_to: text(
            'Who is notified of reviews without a known reviewer, as an operator.',
          ).optional(),
          mail_reviewer: yesNo(
            "Whether e-mail goes to the notified person, where their name is an e-mail address, and not to the destination's own receivers.",
          ).default(true),
          minutes: whole(1, 'Minutes between two checks for notices that are due.').default(5),
        },
        'How people are notified of reviews that wait for them: by `loglake run`.',
      ).prefault({}),
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
            .describe('Percentage of all other decisions.')
            .default(0),
        },
        'What the manager of the reviewer looks at again.',
      ).prefault({}),
    },
    'How sessions are reviewed.',
  )
}

function dayList(doc: string) {
  const wanted = 'a list of whole numbers is wanted'
  return z.array(z.int(wanted).min(0, wanted).max(365, wanted), wanted).describe(doc)
}

type ReviewSettings = z.output<ReturnType<typeof reviewSection>>

export function rulesOf({ days, refused, runs, leave_out, second_look: look }: ReviewSettings): ReviewRules {
  return {
    days,
    refused,
    runs,
    leaveOut: leave_out,
    secondLook: { denied: look.denied, breakGlass: look.break_glass, percent: look.percent },
  }
}

export function reminderRulesOf({ remind }: Pick<ReviewSettings, 'remind'>): ReminderRules {
  return {
    to: remind.to,
    assigned: remind.assigned,
    beforeDays: remind.before_days,
    afterDays: remind.after_days,
    unassignedTo: remind.unassigned_to ?? null,
  }
}
