// Bundles the program and its threads into few files: hundreds of small modules take longer to find and open
// than a short command takes to answer. The program's entries and the exported modules import the bundles. The
// modules stay in place, with their types, SQL and lists.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const FROM = resolve('dist')

/** Packages of many small modules that every command loads: they were half of the time of a start. */
const TAKEN_IN = ['@duckdb/node-api', 'avsc', 'commander', 'zod']

const BUNDLES = [
  {
    to: resolve('dist/bundle/program'),
    entries: {
      main: 'cli/main.js',
      worker: 'ingest/open/worker.js',
      followers: 'cli/followers-main.js',
    },
    takenIn: TAKEN_IN,
  },
  {
    // Who imports loglake may import these packages as well: values of theirs have to be of the same classes.
    to: resolve('dist/bundle/library'),
    entries: { index: 'index.js', lake: 'lake/index.js' },
    takenIn: [],
  },
]

rmSync('dist/bundle', { recursive: true, force: true })
const written = []
for (const bundle of BUNDLES) written.push(...(await write(bundle)))
// Only now, since the second bundle reads modules that the first one's entries replace.
for (const { at, bundled, isProgram } of written)
  writeFileSync(at, isProgram ? `import ${bundled}\n` : `export * from ${bundled}\n`)
// The first file, which is no ES module, imports the bundle directly as well.
const first = 'dist/cli/loglake.cjs'
writeFileSync(first, readFileSync(first, 'utf8').replace('"./main.js"', '"../bundle/program/main.js"'))
chmodSync(first, 0o755)
writeFileSync('dist/bundle/program/LICENSES.txt', TAKEN_IN.map(licence).join('\n\n'))

async function write({ to, entries, takenIn }) {
  const isOurs = (id) => id.startsWith('.') || isAbsolute(id)
  const isTakenIn = (id) => takenIn.some((name) => id === name || id.startsWith(`${name}/`))
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, resolve(FROM, path)])),
    platform: 'node',
    external: (id) => !isOurs(id) && !isTakenIn(id),
    plugins: [whereItWas(to)],
    logLevel: 'warn',
  })
  await bundle.write({
    dir: to,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
  return Object.entries(entries).map(([name, path]) => {
    const at = resolve(FROM, path)
    return {
      at,
      bundled: JSON.stringify(`./${relative(dirname(at), resolve(to, `${name}.js`))}`),
      isProgram: name === 'main',
    }
  })
}

/** A module finds its files relative to its own location in `dist`. */
function whereItWas(to) {
  return {
    name: 'where-it-was',
    transform(code, id) {
      if (!id.startsWith(FROM) || !code.includes('import.meta.url')) return null
      const place = JSON.stringify(relative(to, id))
      return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`)
    },
  }
}

function licence(name) {
  const folder = join('node_modules', name)
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`
}
