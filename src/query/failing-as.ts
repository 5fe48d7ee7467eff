/** The same items; what they end with is told in other words. */
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
