import { Sideways } from './sideways.tsx'

/** Text in a place of its own, that scrolls when there is much of it. */
export function Scrolled({ label, text }: { label: string; text: string }) {
  return (
    <Sideways className="scrolled" label={label}>
      <pre>{text}</pre>
    </Sideways>
  )
}
