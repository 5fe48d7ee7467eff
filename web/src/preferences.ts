import { useSyncExternalStore } from 'react'

/** Settings of this browser. No data of the lake is stored with them. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** The time zone in which pages show times. */
  readonly zone: 'utc' | 'local'
  /** Whether single-key shortcuts work; WCAG 2.1.4 requires a way to turn them off. */
  readonly keys: boolean
}

const KEY = 'loglake'
const DEFAULTS: Preferences = { theme: 'system', zone: 'utc', keys: true }
const listeners = new Set<() => void>()
let current = read()

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return DEFAULTS
  }
}

export function preferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // Without local storage the setting lasts until the page is closed.
  }
  document.documentElement.dataset.theme = current.theme
  // The server writes this theme into the page, so that the page never flashes in another one.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `theme=${current.theme}; path=/; max-age=31536000; samesite=lax`
  for (const listener of listeners) listener()
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
