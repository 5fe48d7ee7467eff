import { createContext } from 'react'

export const Unmasked = createContext(false)
