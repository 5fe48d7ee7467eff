import * as cloudtrailLookup from './cloudtrail-lookup.ts'
import * as cloudwatchLogs from './cloudwatch-logs.ts'
import * as folder from './folder.ts'
import * as s3 from './s3.ts'
import * as s3Queue from './s3-queue.ts'

/**
 * Every kind of source. Each file says what it is called (`name`), what it is (`doc`), what can be set (`settings`, a schema),
 * and opens one (`open(settings, deps)`). A new kind is a file here and a name in this list.
 */
export const sources = [folder, s3, s3Queue, cloudtrailLookup, cloudwatchLogs] as const
