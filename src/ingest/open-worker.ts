import { parentPort } from 'node:worker_threads'
import { sentence } from '../lib/errors.ts'
import { type OpenRequest, openGroup } from './open.ts'

/** A worker thread's one job: open what it is sent. */
parentPort?.on('message', ({ id, request }: { id: number; request: OpenRequest }) => {
  try {
    parentPort?.postMessage({ id, opened: openGroup(request) })
  } catch (thrown) {
    parentPort?.postMessage({ id, failed: sentence(thrown) })
  }
})
