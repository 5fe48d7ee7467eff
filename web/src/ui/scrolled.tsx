/** Text in a place of its own that scrolls when there is much of it: by keys, too, so it takes the focus. */
export function Scrolled({ label, text }: { label: string; text: string }) {
  return (
    <section className="scrolled" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  )
}
