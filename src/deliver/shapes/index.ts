import type { Shape } from './contract.ts'
import { ecs } from './ecs.ts'
import { ocsf } from './ocsf.ts'
import { pack } from './pack.ts'
import { record } from './record.ts'
import { rows } from './rows.ts'
import { template } from './template.ts'

/** Every shape; each is a file and a line here. */
export const shapes: readonly Shape[] = [rows, record, pack, ecs, ocsf, template]
