// The organisation's week: exactly the requested number of events, the same every time.

import {
  assumeByService,
  configSweep,
  instanceAgent,
  invokeFunction,
  openLogStream,
  readObjects,
  readSecret,
  useKey,
  writeObject,
} from './background.ts'
import { embed, runCodeAgent, runSupportAgent } from './bedrock.ts'
import { at, DAYS } from './organisation.ts'
import { playOtherShapes } from './other-shapes.ts'
import { browse, change, commandLine, deploy } from './people.ts'
import { playSessions } from './play-sessions.ts'
import { createRandom, type Random } from './random.ts'
import { playRareEvents } from './rare.ts'
import { type Entry, type Stage, sum } from './record.ts'
import { invokeEndpoint, releaseModel, train, workInStudio } from './sagemaker.ts'

interface Activity {
  share: number
  when: Hours
  run(stage: Stage, at: number): void
}

type Hours = 'always' | 'office' | 'pipeline'

// One weight per hour of the day, UTC. Two offices, one in Europe, one in the east of the United States.
const HOURS: Record<Hours, number[]> = {
  always: [5, 5, 6, 5, 5, 5, 6, 8, 9, 10, 10, 9, 9, 10, 11, 12, 12, 11, 10, 9, 8, 7, 6, 5],
  office: [0, 0, 0, 0, 0, 0, 1, 8, 14, 15, 13, 8, 10, 16, 20, 21, 18, 13, 11, 12, 10, 5, 1, 0],
  pipeline: [0, 0, 6, 0, 0, 0, 0, 2, 5, 6, 5, 2, 3, 6, 7, 8, 6, 3, 3, 3, 2, 0, 0, 0],
}

const WEEK: Activity[] = [
  { share: 9, when: 'always', run: assumeByService },
  { share: 4, when: 'always', run: configSweep },
  { share: 7, when: 'always', run: instanceAgent },
  { share: 7, when: 'always', run: readObjects },
  { share: 5, when: 'always', run: writeObject },
  { share: 8, when: 'always', run: useKey },
  { share: 7, when: 'always', run: invokeFunction },
  { share: 3, when: 'always', run: readSecret },
  { share: 3, when: 'always', run: openLogStream },
  { share: 8, when: 'office', run: browse },
  { share: 4, when: 'office', run: commandLine },
  { share: 2.5, when: 'office', run: change },
  { share: 1.2, when: 'pipeline', run: deploy },
  { share: 9, when: 'always', run: invokeEndpoint },
  { share: 3, when: 'office', run: workInStudio },
  { share: 1, when: 'office', run: train },
  { share: 0.4, when: 'office', run: releaseModel },
  { share: 5, when: 'always', run: runSupportAgent },
  { share: 2.2, when: 'office', run: runCodeAgent },
  { share: 3, when: 'always', run: embed },
]

export function playWeek(events: number): Entry[] {
  const stage: Stage = { random: createRandom(2026, 105), entries: [] }
  playSessions(stage)
  playRareEvents(stage)
  playOtherShapes(stage)
  const total = sum(WEEK.map((each) => each.share))
  const { random } = stage
  while (stage.entries.length < events) {
    const activity = random.weighted(WEEK, total, (each) => each.share)
    activity.run(stage, at(random.below(DAYS.length), '00:00') + secondOfDay(random, HOURS[activity.when]))
  }
  // Cut the last activity to the requested number.
  return stage.entries.slice(0, events).sort((a, b) => a.at - b.at)
}

function secondOfDay(random: Random, hours: number[]): number {
  const numbered = hours.map((weight, hour) => ({ weight, hour }))
  const { hour } = random.weighted(numbered, sum(hours), (each) => each.weight)
  // An activity takes minutes: it begins early enough to end on its day.
  return Math.min(hour * 3600 + random.below(3600), 86_400 - 900)
}
