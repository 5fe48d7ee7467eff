import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Lake } from '../lake/lake.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { localStorage } from '../lake/storage/local.ts'
import { s3Storage } from '../lake/storage/s3.ts'
import { isS3 } from '../lake/storage/s3-location.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { appendLog, type Logged } from '../witness/append.ts'
import { checkLog, type LogChecked } from '../witness/check.ts'
import { fileSigner, kmsSigner, type Signer } from '../witness/signer.ts'
import { certificatesIn } from '../witness/stamp/check.ts'
import { keepStamp } from '../witness/stamp/keep.ts'

/** The signer of the lake's log; undefined when it has none. */
export async function signerOf({ log, storage }: Config): Promise<Signer | undefined> {
  if (log.kms_key !== undefined) return await kmsSigner(storage.identity, log.kms_key)
  return log.key === undefined ? undefined : fileSigner(log.key)
}

function copyOf({ log, storage }: Config): Storage | undefined {
  if (log.copy === undefined) return undefined
  if (!isS3(log.copy)) return localStorage(resolve(log.copy))
  const { identity, kms_key, object_lock, cache } = storage
  return s3Storage(log.copy, {
    identity,
    kmsKey: kms_key,
    objectLock: object_lock,
    cache: { ...cache, afresh: false },
  })
}

/** The certificates that time stamps must lead to; empty when the configuration names none. */
export function authoritiesOf({ log }: Config): X509Certificate[] {
  if (log.stamp_ca === undefined) return []
  try {
    return certificatesIn(readFileSync(log.stamp_ca, 'utf8'))
  } catch (thrown) {
    throw new UserError(`log.stamp_ca: ${log.stamp_ca}: it cannot be read: ${sentence(thrown)}`, {
      cause: thrown,
    })
  }
}

/** Extends the log to the newest version, with a time stamp and a copy of its checkpoint where configured. */
export async function keepLog(lake: Lake, config: Config): Promise<Logged | undefined> {
  const signer = await signerOf(config)
  if (!signer) return undefined
  try {
    const logged = await appendLog(lake, signer)
    const { checkpoint, note, added } = logged
    if (!checkpoint || note === undefined) return logged
    const copy = copyOf(config)
    const id = (await lake.newest()).catalog.lake
    if (added > 0) await copy?.create(`${id}/checkpoints/${checkpoint.size}`, Buffer.from(note))
    const { stamp, stamp_every } = config.log
    if (stamp !== undefined)
      await keepStamp(
        lake.storage,
        { size: checkpoint.size, note },
        {
          url: stamp,
          every: stamp_every,
          trusted: () => authoritiesOf(config),
          copy: copy && { storage: copy, prefix: id },
        },
      )
    return logged
  } finally {
    signer.close()
  }
}

/** Checks the lake against its log; undefined when it has none. */
export async function checkedLog(lake: Lake, config: Config): Promise<LogChecked | undefined> {
  const signer = await signerOf(config)
  if (!signer) return undefined
  try {
    return await checkLog(lake, signer.publicKey, copyOf(config), authoritiesOf(config))
  } finally {
    signer.close()
  }
}
