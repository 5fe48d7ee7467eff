import { useEffect, useRef } from 'react'
import { preferences } from '../preferences.ts'

/**
 * Keys of pages. A single key does nothing while a person types, and nothing at all when they switched single keys off;
 * those with ⌘ or Ctrl always work. `g o` is two keys within a second.
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

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey) return
  const name = nameOf(event)
  const single = !name.startsWith('Mod+')
  const named = event.key.length > 1 && event.key !== ' '
  if (single && typing(event.target)) return
  if (single && !named && !preferences().keys) return
  // A button or a link takes Space and Enter itself.
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
