import type { HeadName } from './data.ts'
import { corporaOf, heldOut, thresholdOf } from './folds.ts'
import { report } from './report.ts'

/**
 * `npm run eval:injection FOLDER`: recall by source, each source left out of what is learned, texts near to learned ones taken out, at
 * the one threshold; by the n-grams alone, by the patterns alone, and by either. Exits with 1 where a goal is missed and
 * `--goals` is given; `--kinds` prints kinds of documents, too.
 */
const texts = corporaOf(process.argv[2]?.startsWith('--') ? undefined : process.argv[2])
const missed = (['prompt', 'document'] as const satisfies HeadName[]).flatMap((head) => {
  const judged = heldOut(head, texts, (line) => console.error(line))
  return report(head, judged, thresholdOf(judged), process.argv.includes('--kinds'))
})
if (missed.length > 0 && process.argv.includes('--goals')) process.exitCode = 1
