import { parentPort, workerData } from 'node:worker_threads'
import { LakeError } from '../lib/errors.ts'
import { allLogTypes, type Onboarded } from '../onboard/logtype.ts'
import { known } from './known.ts'
import { type OpenRequest, openGroup } from './open.ts'

const types = known(allLogTypes(workerData as Onboarded))

/** A worker thread's one job: open what it is sent. An error keeps its place and its way out on the way back. */
parentPort?.on('message', ({ id, request }: { id: number; request: OpenRequest }) => {
  try {
    parentPort?.postMessage({ id, opened: openGroup(request, types) })
  } catch (thrown) {
    const { what, file, remedy } = thrown instanceof LakeError ? thrown : {}
    parentPort?.postMessage({ id, failed: { thrown, what, file, remedy } })
  }
})
