import { useEffect, useRef } from 'react'
import { preferences } from '../preferences.ts'

/**
 * Keyboard shortcuts of pages. Single keys are ignored while a person types and when they turned them off;
 * keys with ⌘ or Ctrl always work. `g o` means two keys within a second.
 */
export type Keys = Record<string, (event: KeyboardEvent) => void>

const layers: { current: Keys }[] = []
let pending = ''
let pendingSince = 0

export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    layers.push(latest)
    return () => {
      layers.splice(layers.indexOf(latest), 1)
    }
  }, [])
}

export function nameOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key : event.key
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : ''
  return `${event.metaKey || event.ctrlKey ? 'Mod+' : ''}${shift}${key.length === 1 ? key.toLowerCase() : key}`
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  )
}

/** Whether keys belong to a dialog or a menu in front: the page must not act, nor keep Escape from it. */
function inFront(target: EventTarget | null): boolean {
  return (
    document.querySelector('dialog[open]') !== null ||
    (target instanceof HTMLElement && target.closest('[popover]') !== null)
  )
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || inFront(event.target)) return
  const name = nameOf(event)
  const single = !name.startsWith('Mod+')
  const named = event.key.length > 1 && event.key !== ' '
  if (single && typing(event.target)) return
  if (single && !named && !preferences().keys) return
  // Buttons and links handle Space and Enter themselves.
  if ((name === 'Space' || name === 'Enter') && (event.target as HTMLElement).closest?.('button, a, summary'))
    return
  const two = Date.now() - pendingSince < 1000 && pending ? `${pending} ${name}` : name
  pending = ''
  for (const layer of layers.toReversed()) {
    const act = layer.current[two] ?? (two === name ? undefined : layer.current[name])
    if (!act) continue
    event.preventDefault()
    act(event)
    return
  }
  if (single) {
    pending = name
    pendingSince = Date.now()
  }
}

document.addEventListener('keydown', pressed)
