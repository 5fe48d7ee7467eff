import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { freshFolder, PROGRAM, run } from './program.ts'

const PAGE = 'docs/onboarding.md'

/** Every command of the page is run, one after the other; `UPDATE_FIXTURES=1` writes what they print into it. */
test('docs/onboarding.md shows what its commands print', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const cwd = freshFolder()
  cpSync('docs/onboarding', join(cwd, 'docs/onboarding'), { recursive: true })
  mkdirSync(join(cwd, 'bin'))
  writeFileSync(join(cwd, 'bin/loglake'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@" 2>&1\n`)
  chmodSync(join(cwd, 'bin/loglake'), 0o755)
  const env = {
    PATH: `${join(cwd, 'bin')}${delimiter}${process.env.PATH}`,
    LOGLAKE_HASH_KEY: 'a secret that nobody else has',
  }
  const pieces: string[] = []
  for (const piece of page.split(/^(```console\n[\s\S]*?^```\n)/m)) {
    if (!piece.startsWith('```console')) {
      pieces.push(piece)
      continue
    }
    const shown: string[] = []
    for (const line of piece.split('\n').filter((one) => one.startsWith('$ '))) {
      const { out } = await run('sh', ['-c', line.slice(2)], { cwd, env })
      shown.push(`${line}\n${printed(out)}`)
    }
    pieces.push(`\`\`\`console\n${shown.join('')}\`\`\`\n`)
  }
  const now = pieces.join('')
  if (process.env.UPDATE_FIXTURES === '1' && process.env.CI !== 'true') writeFileSync(PAGE, now)
  expect(now).toBe(readFileSync(PAGE, 'utf8'))
})

/** Without what is another in every run. */
function printed(out: string): string {
  return out
    .replaceAll('\r', '')
    .replace(/ in \d+\.\d s\./, ' in 0.5 s.')
    .replace(/\n*$/, out === '' ? '' : '\n')
}
