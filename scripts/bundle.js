// Puts the program and the threads it starts into few files: hundreds of small modules take longer to find and to open than a
// short command takes to answer. What starts the program, and what others import, leads into them. The modules stay where they
// are, with their types, their SQL and their lists.
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const FROM = resolve('dist')
const TO = resolve('dist/bundle')

const ENTRIES = {
  main: 'cli/main.js',
  index: 'index.js',
  lake: 'lake/index.js',
  worker: 'ingest/open/worker.js',
}

/** A module finds its files from where it lies in `dist`. */
const whereItWas = {
  name: 'where-it-was',
  transform(code, id) {
    if (!id.startsWith(FROM) || !code.includes('import.meta.url')) return null
    const place = JSON.stringify(relative(TO, id))
    return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`)
  },
}

rmSync(TO, { recursive: true, force: true })
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, resolve(FROM, path)])),
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id),
  plugins: [whereItWas],
  logLevel: 'warn',
})
await bundle.write({
  dir: TO,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()

for (const [name, path] of Object.entries(ENTRIES)) {
  const at = resolve(FROM, path)
  const bundled = JSON.stringify(`./${relative(dirname(at), resolve(TO, `${name}.js`))}`)
  const isProgram = name === 'main'
  writeFileSync(at, isProgram ? `#!/usr/bin/env node\nimport ${bundled}\n` : `export * from ${bundled}\n`)
  if (isProgram) chmodSync(at, 0o755)
}
