// tsc copies .ts only; this copies SQL, CSV, rules, lists and licences.
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ASKED = /\.(sql|csv|ya?ml)$|techniques.\w+\.txt$|(LICENSE|VERIFY)\.md$|verify\.py$/

// Remove views and queries that no longer exist in the source.
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' }))
  if (ASKED.test(name) && !existsSync(join('src', name))) rmSync(join('dist', name))
cpSync('src', 'dist', {
  recursive: true,
  filter: (path) => !path.includes('.') || ASKED.test(path),
})
// The time of the build, which scripts/prepare.js reads.
writeFileSync('dist/built', '')
