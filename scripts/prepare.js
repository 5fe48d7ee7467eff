// Builds `dist/` when it is out of date. npm runs this for `npm ci`, before it packs, and each time that
// `npx` starts a clone: then `dist/` usually exists, and must not be compiled again.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'

const BUILT = 'dist/built'
const FROM = [
  'src',
  'web',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

function newest(path) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  // A folder's own time changes when files are removed.
  const times = readdirSync(path).map((name) => newest(`${path}/${name}`))
  return Math.max(found.mtimeMs, ...times)
}

if (!existsSync(BUILT) || FROM.some((path) => newest(path) > statSync(BUILT).mtimeMs)) {
  process.exitCode =
    spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1
}
