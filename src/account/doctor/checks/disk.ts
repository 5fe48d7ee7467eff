import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { sentence, systemCode } from '../../../lib/errors.ts'
import { byteSize } from '../../../lib/terminal.ts'
import { sh } from '../command.ts'
import { type Check, type Line, not, ok, unknown } from '../contract.ts'

/** Free space for a batch, its staged form, and DuckDB's spilled data. */
const LEAST_BYTES = 2e9

export const disk: Check = {
  name: 'disk',
  group: 'This machine',
  title: 'There is disk space, and permission to use it',
  doc: 'The folders that loglake writes to (the lake or its cache, the temporary folder) have 2 GB to spare and can be written to.',
  permissions: [],
  mends: 'Free some space, or give the user of loglake permission to write.',
  run: async ({ setup: { lake } }) =>
    await Promise.all(lake.folders.map(({ path, what }) => folderLine(path, what))),
}

async function folderLine(path: string, what: string, least = LEAST_BYTES): Promise<Line> {
  const there = await nearest(path)
  try {
    await access(there, constants.W_OK)
    const { bavail, bsize } = await statfs(there)
    const free = bavail * bsize
    if (free >= least) return ok(`${what}: ${byteSize(free)} free`, path)
    return not(
      `${what}: only ${byteSize(free)} free`,
      {
        does: 'Free some space: vacuum removes what no version of the lake needs.',
        commands: ['loglake vacuum', sh`df -h ${there}`],
      },
      path,
    )
  } catch (thrown) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(systemCode(thrown) ?? ''))
      return not(
        `${what}: it cannot be written to`,
        {
          does: 'Give the user who runs loglake permission to write there.',
          commands: [`chown "$(id -un)" ${there}`],
        },
        path,
      )
    return unknown(`${what}: ${sentence(thrown)}`, path)
  }
}

export { folderLine }

/** A missing folder will be created in the nearest existing one. */
async function nearest(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch {
    return dirname(path) === path ? path : await nearest(dirname(path))
  }
}
