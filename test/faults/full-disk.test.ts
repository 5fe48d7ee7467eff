import { cpSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder, loglake } from '../e2e/program.ts'
import { full } from './form.ts'
import { mountSmallDisk } from './small-disk.ts'

// Whatever command meets a full disk says so, with a way out, and the lake adds up afterwards.

const root = freshFolder()
const lake = join(root, 'lake')
const SIZE = 96 << 20
const COMMANDS = [
  ['ingest', ALL_SAMPLES],
  ['follow', 'summaries', '--rebuild'],
  ['detect', '--since', '2020-01-01'],
  ['erase', '--person', 'goran@example.com', '--reason', 'a test', '--yes'],
  ['retention', '--table', 'cloudtrail', '--days', '30', '--yes'],
  ['hold', 'add', '--person', 'ana@example.com', '--reason', 'a test'],
  ['compact'],
  ['vacuum', '--keep', '0', '--grace', '0'],
  ['rules', 'test'],
]

beforeAll(async () => {
  const some = join(ALL_SAMPLES, 'AWSLogs', 'o-exampleorgid')
  for (const command of [
    ['ingest', some],
    ['follow', '--once'],
  ])
    expect(await loglake([...command, '--lake', lake])).toMatchObject({ code: 0 })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe.skipIf(process.getuid?.() !== 0)('a disk with a few KiB left', () => {
  it.each(
    COMMANDS.flatMap((command) =>
      (full ? [0, 8, 20, 40, 60, 100, 200, 400] : [0, 60]).map((left) => ({ command, left })),
    ),
  )('$left: $command', async ({ command, left }) => {
    const disk = mountSmallDisk(mkdtempSync(join(root, 'disk-')), SIZE)
    if (!disk) return void process.stdout.write('no small disk can be mounted here: the test is skipped\n')
    try {
      const at = join(disk.folder, 'lake')
      cpSync(lake, at, { recursive: true })
      const { blocks, bfree, bsize } = statfsSync(disk.folder)
      disk.resize((blocks - bfree) * bsize + (left << 10))
      const ended = await loglake([...command, '--lake', at], { env: { TMPDIR: disk.folder } })
      expect(ended.err).not.toMatch(/should not happen/)
      if (ended.code !== 0) expect(ended.err).toMatch(/no space left .*\n {2}file: .*\n {2}way out: /)
      disk.resize(SIZE)
      const verified = await loglake(['verify', '--lake', at, '--json'])
      expect(verified).toMatchObject({ code: 0 })
    } finally {
      disk.unmount()
    }
  })
})
