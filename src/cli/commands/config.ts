import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { configKeys } from '../../config/keys.ts'
import { sizeText } from '../../lib/size.ts'
import { visible } from '../../lib/terminal.ts'
import type { CommonOptions } from '../../workspace/open.ts'
import { commonOptions, examples } from '../options.ts'
import { align } from '../show/layout.ts'
import { paint, print } from '../show/output.ts'

export function define(command: Command): void {
  command.helpCommand(false)
  const show = command
    .command('show')
    .description('every value in effect, and where it came from')
    .option('--json', 'print it as JSON')
  commonOptions(show).action(showConfig)
  examples(show, ['loglake config show'], ['loglake config show --config /etc/loglake.yaml --json'])
}

async function showConfig(options: CommonOptions & { json?: boolean }): Promise<void> {
  const config = readConfig(options.config)
  const settings = configKeys(config.values).map((key) => {
    const line = config.line(key)
    const value = config.secret(key) ? '***' : settingOf(config.values, key)
    if (key === 'lake' && options.lake !== undefined) return { key, value: options.lake, from: '--lake' }
    const variable = config.variable(key)
    if (variable !== undefined) return { key, value, from: variable }
    const origin = value === undefined && OF_THE_MACHINE.test(key) ? 'the machine' : 'default'
    return { key, value, from: line === undefined ? origin : `${config.file}:${line}` }
  })
  if (options.json) return await print(`${JSON.stringify(settings, null, 2)}\n`)
  const { dim } = paint(process.stdout)
  const lines = align(settings.map(({ key, value, from }) => [key, shown(key, value), dim(from)]))
  await print(`${lines.join('\n')}\n`)
}

function settingOf(values: object, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], values)
}

/** Values that depend on the machine, where the configuration has none. */
const OF_THE_MACHINE = /^(ingest|query)\.(threads|memory)$/

function shown(key: string, value: unknown): string {
  if (value === undefined && !OF_THE_MACHINE.test(key)) return 'not set'
  if (value === undefined) return key.endsWith('threads') ? String(availableParallelism()) : '80% of it'
  if (typeof value === 'number' && /bytes|memory/.test(key)) return sizeText(value)
  if (Array.isArray(value))
    return value.length === 0 ? (key.endsWith('exclude') ? 'none' : 'all') : visible(value.join(' '))
  return visible(String(value))
}
