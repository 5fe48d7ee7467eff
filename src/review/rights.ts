import { type Book, reviewsFor } from './book.ts'
import { isOpen, type State } from './state.ts'

/** The person who looks at a review, as far as rights are concerned. */
export interface Looking {
  name: string
  role: string
  /** How they signed in; a token never reviews. */
  signedIn: string
}

export interface Rights {
  mine: boolean
  /** The person whose stand-in they are; null for themselves. */
  onBehalfOf: string | null
  may: ('decide' | 'ask' | 'answer' | 'reassign' | 'look again' | 'withdraw')[]
  /** Why they may not decide, as a sentence; null when they may. */
  whyNot: string | null
}

/**
 * The rights of a person in a review now.
 *
 * @param person whose session it is
 * @param sharers others who used the session's credentials
 */
export function rightsOf(
  looking: Looking,
  state: State,
  {
    person,
    book,
    now,
    sharers = [],
  }: { person: string | null; book: Book; now: string; sharers?: readonly string[] },
): Rights {
  const { name, role, signedIn } = looking
  const places = reviewsFor(book, name, now)
  const names = [state.reviewer, state.escalatedTo].filter((one) => one !== null)
  const signedInSelf = signedIn !== 'token'
  const mine = signedInSelf && role === 'manager' && names.some((one) => places.includes(one))
  const isOwn = person !== null && person === name
  const onBehalfOf =
    mine && !names.includes(name) ? (names.find((one) => places.includes(one)) ?? null) : null
  const whyNot = whyNotOf()
  const may: Rights['may'] = []
  if (whyNot === null && state.name !== 'second look' && isOpen(state)) may.push('decide')
  if (whyNot === null && state.name === 'second look') may.push('look again')
  if (mine && !isOwn && isOpen(state) && state.name !== 'second look') may.push('ask', 'reassign')
  if (state.name === 'asked' && isOwn && signedInSelf) may.push('answer')
  if (role === 'operator' && signedInSelf && state.name !== 'withdrawn') may.push('withdraw')
  if (role === 'operator' && signedInSelf && isOpen(state) && !may.includes('reassign')) may.push('reassign')
  return { mine: mine && !isOwn, onBehalfOf, may, whyNot }

  function whyNotOf(): string | null {
    if (signedIn === 'token') return 'A token never reviews: sign in.'
    if (isOwn) return 'It is your own session: another person reviews it.'
    if (sharers.includes(name)) return 'You used the same credentials: another person reviews it.'
    if (role !== 'manager') return `The role ${role} does not decide; the manager of the person does.`
    if (!mine)
      return state.reviewer === null
        ? 'Nobody is known as the manager of this person at that time: an operator hands it to a reviewer.'
        : `${state.reviewer} reviews this session.`
    if (state.name === 'second look' && state.decidedBy === name)
      return 'You decided it: another person looks at it again.'
    if (!isOpen(state)) return state.name === 'withdrawn' ? 'It was withdrawn.' : 'It is decided.'
    return null
  }
}
