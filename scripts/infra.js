// Writes the templates of infra/ from their objects in src/account/stack. Run by `npm run infra`, which
// builds first.
import { mkdirSync, writeFileSync } from 'node:fs'
import { templateYaml } from '../dist/account/stack/index.js'

mkdirSync('infra', { recursive: true })
writeFileSync('infra/loglake.yaml', templateYaml())
