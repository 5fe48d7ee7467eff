import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sagemakerInvocation } from '../../src/logtypes/sagemaker_invocation/index.ts'
import { type StoredObjects, storeFiles } from './stored.ts'

/** Real captures, which are not part of the project. */
const FILE = join(resolve('../shared/data/sagemaker'), 'amazon-sagemaker-examples.datacapture.jsonl')
const isThere = existsSync(FILE)
if (!isThere) console.warn(`real captures are not tried: there is no ${FILE}`)

describe.skipIf(!isThere)('real captures of SageMaker', () => {
  let stored: StoredObjects
  beforeAll(async () => {
    stored = await storeFiles(sagemakerInvocation, [FILE])
  })
  afterAll(() => stored.close())

  test('every line is a row; three are other lines to the letter', () => {
    const lines = readFileSync(FILE, 'utf8').trim().split('\n')
    const [object] = stored.objects.values()
    expect(object?.ledger).toMatchObject({ read: lines.length, stored: new Set(lines).size, rejected: 0 })
    expect(object?.ledger).toMatchObject({ read: 13, stored: 10, repeated: 3 })
    expect(object?.rows).toHaveLength(10)
  })

  test('the time is the invocation, and the bodies are what was captured', () => {
    const rows = [...stored.objects.values()].flatMap((object) => object.rows)
    for (const line of readFileSync(FILE, 'utf8').trim().split('\n')) {
      const { eventMetadata, captureData } = JSON.parse(line) as Capture
      const alike = rows.filter((row) => row.eventmetadata_eventid === eventMetadata.eventId)
      const row = alike[0] ?? {}
      expect(alike).toHaveLength(1)
      expect(row.timesource).toBe(eventMetadata.inferenceTime ? 'record' : 'object')
      if (eventMetadata.inferenceTime)
        expect(row.eventmetadata_inferencetime).toBe(BigInt(Date.parse(eventMetadata.inferenceTime)) * 1000n)
      const { endpointInput, endpointOutput, batchTransformOutput } = captureData
      expect(row.capturedata_endpointinput_data).toBe(endpointInput?.data ?? null)
      expect(row.capturedata_endpointoutput_data).toBe(endpointOutput?.data ?? null)
      expect(row.capturedata_batchtransformoutput_data).toBe(batchTransformOutput?.data ?? null)
      expect(row.output_body).toBeNull()
    }
  })
})

interface Capture {
  eventMetadata: { eventId: string; inferenceTime?: string }
  captureData: Record<string, { data: string }>
}
