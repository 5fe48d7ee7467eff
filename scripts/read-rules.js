// Reads the YAML of the package's rules, so that no command has to: src/detect/sigma/ready.ts.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocuments } from '../dist/detect/sigma/yaml.js'

const RULES = 'dist/detect/rules'
const ready = {}
for (const name of readdirSync(RULES, { recursive: true, encoding: 'utf8' })) {
  if (!/\.ya?ml$/.test(name)) continue
  const text = readFileSync(join(RULES, name), 'utf8')
  const { documents, faults } = readDocuments(text, name)
  for (const { line, message } of faults) throw new Error(`${name}:${line}: ${message}`)
  ready[text] = documents
}
writeFileSync(join(RULES, 'read.json'), JSON.stringify(ready))
