import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'

/** Pages and comments name files and commands of the project: each of them exists. */

const ROOTS = ['bench', 'deploy', 'docs', 'infra', 'samples', 'scripts', 'src', 'test', 'training', 'web']
/** Folders that are made by tools, or by the program in a lake. */
const MADE = ['dist/', 'staging/']
const SKIPPED = new Set(['node_modules', 'logs', '.venv'])

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}

const top = readdirSync('.', { withFileTypes: true }).filter((entry) => entry.isFile())
const files = [...top.map(({ name }) => name), ...ROOTS.filter((root) => existsSync(root)).flatMap(filesIn)]
const names = new Set(files.map((file) => basename(file)))
const pages = files.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md')
/** These describe the code itself, so that all paths in them are paths of the project. */
const inside = pages.filter((page) => /^(ARCHITECTURE|CONTRIBUTING)\.md$|(^|\/)README\.md$/.test(page))

/** A page without its examples. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, '')
}

function isThere(path: string, page: string): boolean {
  const plain = path.replace(/\/$/, '')
  const from = ['.', 'src', dirname(page)]
  return (
    from.some((folder) => existsSync(join(folder, plain))) ||
    files.some((file) => file.endsWith(`/${plain}`) || file.includes(`/${plain}/`))
  )
}

it('finds pages and files', () => {
  expect(pages.length).toBeGreaterThan(60)
  expect(inside).toContain('src/lake/README.md')
  expect(isThere('src/lake/lake.ts', 'ARCHITECTURE.md')).toBe(true)
  expect(isThere('lake/lakes.ts', 'ARCHITECTURE.md')).toBe(false)
})

it('a page names only files and folders of ours that exist', () => {
  const ofRoot = new RegExp(`^(?:${ROOTS.join('|')})/`)
  const missing = pages.flatMap((page) => {
    const paths = [...proseOf(page).matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)].map(([, path = '']) => path)
    return paths
      .filter((path) => {
        if (MADE.includes(path)) return false
        if (ofRoot.test(path) || /^[\w-][\w.-]*\/?[\w./-]*\.tsx?$/.test(path)) return true
        return /^(ARCHITECTURE|CONTRIBUTING)\.md$/.test(page) && path.endsWith('/')
      })
      .filter((path) => !isThere(path, page))
      .map((path) => `${page}: ${path}`)
  })
  expect(missing).toEqual([])
})

it('a README names SQL, Python and shell files that exist', () => {
  const missing = inside.flatMap((page) =>
    [...proseOf(page).matchAll(/`([\w-][\w./-]*\.(?:sql|py|sh))`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !isThere(path, page))
      .map((path) => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

it('a link leads to a page, and to a heading of it', () => {
  const wrong = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', heading] = link.split('#')
        const target = path === '' ? page : join(dirname(page), path)
        if (!existsSync(target)) return true
        return heading !== undefined && target.endsWith('.md') && !headingsOf(target).includes(heading)
      })
      .map((link) => `${page}: ${link}`),
  )
  expect(wrong).toEqual([])
})

/** As GitHub makes anchors of headings. */
function headingsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

it('a command of npm is one of package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const wrong = files
    .filter((file) => /\.(md|ts|js|sh|py|ya?ml)$/.test(file) && file !== 'CHANGELOG.md')
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/npm run (?:--silent |-s )?([a-z][a-z:]*)/g)]
        .filter(([, name = '']) => !Object.hasOwn(scripts, name))
        .map(([command]) => `${file}: ${command}`),
    )
  expect(wrong).toEqual([])
})

it('a comment names files of ours that exist', () => {
  const wrong = files
    .filter((file) => /\.(tsx?|sql|js)$/.test(file))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^\s*(\*|\/\*|\/\/|--)/.test(line))
        .flatMap((line) => [...line.matchAll(/`([\w./-]*\b[\w-]+\.tsx?)`/g)])
        .filter(([, path = '']) => !names.has(basename(path)))
        .map(([, path = '']) => `${file}: ${path}`),
    )
  expect(wrong).toEqual([])
})
