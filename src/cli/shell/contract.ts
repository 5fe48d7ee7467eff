import type { LakeVersion } from '../../lake/version.ts'
import type { NamedQuery } from '../../query/named.ts'
import type { Desk } from '../../query/question.ts'
import type { Opened } from '../../workspace/open.ts'
import type { FormatName } from '../options.ts'
import type { ScopeOptions } from '../scope-options.ts'

/** What a shell has open, and how it is set. */
export interface ShellState {
  opened: Opened
  desk: Desk
  queries: readonly NamedQuery[]
  format: FormatName
  timing: boolean
  /** Where answers go; stdout when undefined. */
  output?: string | undefined
  version?: LakeVersion | undefined
  scope: ScopeOptions
  /** Asks one question, and writes its answer. */
  ask(question: string, values?: Record<string, string | null>, limit?: number): Promise<void>
  print(text: string): Promise<void>
  /** Its end is wanted. */
  over: boolean
}
