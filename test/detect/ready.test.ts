import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { readyDocuments as Ready } from '../../src/detect/sigma/ready.ts'
import { readDocuments } from '../../src/detect/sigma/yaml.ts'

const RULES = fileURLToPath(new URL('../../src/detect/rules', import.meta.url))
const BUILT = new URL('../../dist/detect/sigma/ready.js', import.meta.url).href

it("the build has each of the package's rules as its YAML is read, and no other text", async () => {
  const { readyDocuments } = (await import(BUILT)) as { readyDocuments: typeof Ready }
  const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ya?ml$/.test(name),
  )
  expect(files.length).toBeGreaterThan(100)
  for (const file of files) {
    const text = readFileSync(join(RULES, file), 'utf8')
    expect(readyDocuments(text), file).toEqual(readDocuments(text, file).documents)
    expect(readyDocuments(`${text}\n`), file).toBeUndefined()
  }
})
