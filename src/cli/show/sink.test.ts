import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeText } from './sink.ts'

const folder = mkdtempSync(join(tmpdir(), 'sink-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a file in a folder that is not there names the first folder that is missing', async () => {
  for (const path of ['nodir/x.csv', 'nodir/below/x.csv'])
    await expect(writeText(join(folder, path), 'a')).rejects.toThrow(
      `--output ${join(folder, path)}: there is no folder ${join(folder, 'nodir')}: make it first`,
    )
})
