import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { get, type Input, type Name } from './client.ts'

/** Loads pages of rows one after the other; `next` of a page leads to the following one. */
export function usePages<Of extends Name>(operation: Of, input: Input<Of>, enabled = true) {
  return useInfiniteQuery({
    queryKey: [operation, 'pages', input],
    queryFn: ({ signal, pageParam }) =>
      get(operation, (pageParam ? { ...input, after: pageParam } : input) as Input<Of>, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last as { next?: string | null }).next || undefined,
    placeholderData: keepPreviousData,
    enabled,
  })
}
