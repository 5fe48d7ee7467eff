/** The long form tries more places and instants: `npm run test:faults`, unless LOGLAKE_FAULTS=short. */
export const full = process.env.LOGLAKE_FAULTS === 'full'
