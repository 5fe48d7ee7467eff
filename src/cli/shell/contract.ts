import type { LakeVersion } from '../../lake/version.ts'
import type { NamedQuery } from '../../query/named.ts'
import type { QueryEngine } from '../../query/question.ts'
import type { Opened } from '../../workspace/open.ts'
import type { FormatName } from '../options.ts'
import type { ScopeOptions } from '../scope-options.ts'

/** The state and settings of a shell. */
export interface ShellState {
  opened: Opened
  queryEngine: QueryEngine
  queries: readonly NamedQuery[]
  format: FormatName
  timing: boolean
  /** Where answers are written; stdout if undefined. */
  output?: string | undefined
  version?: LakeVersion | undefined
  scope: ScopeOptions
  /** Runs one question, and writes its answer. */
  ask(question: string, values?: Record<string, string | null>, limit?: number): Promise<void>
  print(text: string): Promise<void>
  /** Whether the shell is to end. */
  over: boolean
}
