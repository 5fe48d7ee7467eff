import { useSyncExternalStore } from 'react'

/** Short words about what was just done. */
let said: readonly { id: number; text: string }[] = []
let serial = 0
const listeners = new Set<() => void>()

export function say(text: string): void {
  const id = ++serial
  said = [...said.slice(-2), { id, text }]
  for (const listener of listeners) listener()
  setTimeout(() => {
    said = said.filter((one) => one.id !== id)
    for (const listener of listeners) listener()
  }, 3_000)
}

/** Puts a text on the clipboard, and says so. */
export async function copy(text: string, what = 'value'): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`Copied the ${what}`)
  } catch {
    say(`This browser did not let the ${what} be copied`)
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => said,
  )
  return (
    <div className="toasts" aria-live="polite">
      {shown.map(({ id, text }) => (
        <output key={id}>{text}</output>
      ))}
    </div>
  )
}
