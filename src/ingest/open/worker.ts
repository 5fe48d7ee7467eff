import { rmSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { loadZstd } from '../../envelopes/zstd.ts'
import { LakeError } from '../../lib/errors.ts'
import { allLogTypes, type Onboarded } from '../../onboard/logtype.ts'
import type { OpenRequest } from './contract.ts'
import { awaitsZstd, openGroup } from './open.ts'
import { registryOf } from './registry.ts'

const types = registryOf(allLogTypes(workerData as Onboarded))

/**
 * The worker thread's one job: open the objects it is sent. An error is sent back with its location and its
 * remedy.
 */
parentPort?.on('message', async ({ id, request }: { id: number; request: OpenRequest }) => {
  try {
    let opened = openGroup(request, types)
    if (awaitsZstd(opened)) {
      await loadZstd()
      for (const { file } of opened.spools) rmSync(file, { force: true })
      opened = openGroup(request, types)
    }
    parentPort?.postMessage({ id, opened })
  } catch (thrown) {
    const { what, file, remedy } = thrown instanceof LakeError ? thrown : {}
    parentPort?.postMessage({ id, failed: { thrown, what, file, remedy } })
  }
})

parentPort?.postMessage('ready')
