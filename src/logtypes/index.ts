import { cloudtrail } from './cloudtrail/index.ts'
import type { LogType } from './contract.ts'

/** Every log type. A new one is a folder here and a line in this list. */
export const logTypes: readonly LogType[] = [cloudtrail]
