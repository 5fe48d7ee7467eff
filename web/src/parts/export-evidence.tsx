import { address, type Input } from '../api/client.ts'
import { reach } from '../api/reach.ts'
import { Button } from '../ui/button.tsx'
import { useSaving } from './save-file.ts'

/** Exports the signed bundle of a decision, a finding or an answer. */
export function ExportEvidence({ of }: { of: Pick<Input<'evidence'>, 'review' | 'finding' | 'answer'> }) {
  const { busy, save } = useSaving()
  return (
    <Button
      onClick={() => void save(() => reach(address('evidence', of)))}
      off={busy ? 'The export is running' : undefined}
    >
      {busy ? 'Exporting…' : 'Export the evidence'}
    </Button>
  )
}
