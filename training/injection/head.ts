import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { calibrated, type Head } from '../../src/scan/prompt/classifier.ts'
import { BLOCK, type HeadName } from './data.ts'
import { type Model, platt, quantised } from './fit.ts'
import type { Judged } from './folds.ts'

/** A head as it is shipped: the weights of a model, and the calibration and threshold of what was left out. */
export function headOf(name: HeadName, model: Model, judged: readonly Judged[], threshold: number): Head {
  const rawOf = (attack: boolean) => judged.filter((one) => one.attack === attack).map(({ raw }) => raw)
  const calibration = platt(rawOf(true), rawOf(false))
  const { bytes, scale } = quantised(model)
  const head = {
    block: BLOCK[name],
    bias: model.bias,
    scale,
    ...calibration,
    threshold: calibrated(calibration, threshold),
    weights: deflateRawSync(Buffer.from(bytes.buffer), { level: 9 }).toString('base64'),
  }
  return { version: versionOf(head), ...head }
}

/** The first digits of the SHA-256 of the weights and of every number beside them. */
export function versionOf(head: Omit<Head, 'version'>): string {
  const { block, bias, scale, slope, offset, threshold } = head
  return createHash('sha256')
    .update(inflateRawSync(Buffer.from(head.weights, 'base64')))
    .update(JSON.stringify([block, bias, scale, slope, offset, threshold]))
    .digest('hex')
    .slice(0, 8)
}
