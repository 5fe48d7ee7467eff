import { writeFileSync } from 'node:fs'
import type { HeadName } from './data.ts'
import { corporaOf, heldOut, learn, thresholdOf } from './folds.ts'
import { headOf } from './head.ts'
import { report } from './report.ts'

/**
 * `npm run train:injection FOLDER`: fits both heads to the corpora, calibrates them on sources that were left out in turn, and
 * writes `src/scan/prompt/weights/*.ts`. Prints what `npm run eval:injection` prints. The same corpora give the same weights.
 */
const texts = corporaOf(process.argv[2])
for (const name of ['prompt', 'document'] as const satisfies HeadName[]) {
  const judged = heldOut(name, texts, (line) => console.error(line))
  const threshold = thresholdOf(judged)
  report(name, judged, threshold)
  const head = headOf(name, learn(name, texts), judged, threshold)
  const { weights, ...numbers } = head
  writeFileSync(
    new URL(`../../../src/scan/prompt/weights/${name}.ts`, import.meta.url),
    `import type { Head } from '../classifier.ts'

/** Made by \`npm run train:injection\`: do not edit. docs/scan.md says which corpora it learned from. */
export const ${name}Head: Head = {
${Object.entries(numbers)
  .map(([field, value]) => `  ${field}: ${typeof value === 'string' ? `'${value}'` : value},`)
  .join('\n')}
  weights:
    '${weights}',
}
`,
  )
  console.log(`${name}: ${weights.length} characters of weights, version ${head.version}`)
}
