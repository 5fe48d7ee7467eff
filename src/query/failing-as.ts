/** Yields the same items, and rethrows their error as another one. */
export async function* failingAs<T>(
  told: (thrown: unknown) => unknown,
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* items
  } catch (thrown) {
    throw told(thrown)
  }
}
