import { expect, it } from 'vitest'
import { optionHint } from './option-hints.ts'
import { programWith } from './program.ts'

const hint = async (flag: string, ...args: string[]) =>
  optionHint(await programWith((name) => args.includes(name)), args, flag)

it.each([
  [
    '--lake',
    ['--lake', 'my lake', 'query', 'select 1'],
    "options go behind the command: `loglake query 'select 1' --lake 'my lake'`",
  ],
  ['--lake=l', ['--lake=l', 'tables'], 'options go behind the command: `loglake tables --lake=l`'],
  ['--json', ['--json', 'status'], 'options go behind the command: `loglake status --json`'],
  ['--json', ['query', 'select 1', '--json'], 'write --format json'],
  ['--csv', ['tables', '--csv'], 'write --format csv'],
  ['--parquet', ['query', '--parquet'], 'write --format parquet'],
  ['-f', ['tables', '-f', 'json'], 'write --format json'],
  ['-fcsv', ['tables', '-fcsv'], 'write --format csv'],
  ['-f', ['status', '-f', 'json'], 'write --json'],
  ['--format', ['status', '--format', 'json'], 'write --json'],
  ['--format=json', ['status', '--format=json'], 'write --json'],
  ['-l', ['query', '-l', 'a b'], "write --lake 'a b'"],
  ['-o', ['query', '-o'], 'write --output'],
  ['-n', ['query', '-n', '5'], 'write --limit 5'],
  ['--format', ['status', '--format', 'csv'], undefined],
  ['-f', ['serve', '-f'], undefined],
  ['--nonsense', ['--nonsense', 'status'], undefined],
  ['--nonsense', ['query', '--nonsense'], undefined],
  ['--json', ['--json'], undefined],
  ['--json', ['config', 'show', '-x', '--json'], undefined],
  ['-l', ['config', 'show', '-l', 'x'], 'write --lake x'],
])('%s in %j', async (flag, args, wanted) => {
  expect(await hint(flag, ...args)).toBe(wanted)
})
