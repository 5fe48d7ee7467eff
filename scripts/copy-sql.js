// tsc carries .ts only; SQL, CSV, rules, lists and licences go along here.
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ASKED = /\.(sql|csv|ya?ml)$|techniques.\w+\.txt$|(LICENSE|VERIFY)\.md$|verify\.py$/

// A view or a query that is gone must not be found any more.
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' }))
  if (ASKED.test(name) && !existsSync(join('src', name))) rmSync(join('dist', name))
cpSync('src', 'dist', {
  recursive: true,
  filter: (path) => !path.includes('.') || ASKED.test(path),
})
// When all of this was made: scripts/prepare.js asks.
writeFileSync('dist/built', '')
