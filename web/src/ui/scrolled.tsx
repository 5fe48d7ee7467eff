import { Sideways } from './sideways.tsx'

/** Text in a box that scrolls when the text is long. */
export function Scrolled({ label, text }: { label: string; text: string }) {
  return (
    <Sideways className="scrolled" label={label}>
      <pre>{text}</pre>
    </Sideways>
  )
}
