/**
 * Sends to each destination, also after one of them failed: who can be reached is told.
 *
 * @throws the first failure, after all were tried
 */
export async function sendEach(
  names: readonly string[],
  send: (name: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const name of names)
    await send(name).catch((thrown) => {
      failures.push(thrown)
    })
  if (failures.length > 0) throw failures[0]
}
