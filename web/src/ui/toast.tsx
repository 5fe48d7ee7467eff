import { useSyncExternalStore } from 'react'

/** Short messages about the last actions. */
let messages: readonly { id: number; text: string }[] = []
let serial = 0
const listeners = new Set<() => void>()

export function say(text: string): void {
  const id = ++serial
  messages = [...messages.slice(-2), { id, text }]
  for (const listener of listeners) listener()
  setTimeout(() => {
    messages = messages.filter((one) => one.id !== id)
    for (const listener of listeners) listener()
  }, 3_000)
}

/** Copies a text to the clipboard, with a message. */
export async function copy(text: string, what = 'value'): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`Copied the ${what}`)
  } catch {
    say(`The browser did not allow copying the ${what}`)
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => messages,
  )
  return (
    <div className="toasts" aria-live="polite">
      {shown.map(({ id, text }) => (
        <output key={id}>{text}</output>
      ))}
    </div>
  )
}
