import type { Fault } from '../../detect/sigma/yaml.ts'
import { visible } from '../../lib/terminal.ts'
import { note } from '../show/output.ts'

/** Says which rules do not run although they are in a folder of rules, and why. */
export function noteRefused(faults: readonly Fault[]): void {
  for (const { file, line, message } of faults)
    note(`a rule does not run: ${visible(file)}:${line}: ${visible(message)}`)
}
