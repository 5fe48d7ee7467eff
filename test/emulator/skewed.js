// Loaded before a process's own code (`--import`): its clock is wrong by LOGLAKE_TEST_CLOCK_MS.
const by = Number(process.env.LOGLAKE_TEST_CLOCK_MS)
const Right = Date
globalThis.Date = class extends Right {
  constructor(...given) {
    super(...(given.length === 0 ? [Right.now() + by] : given))
  }

  static now() {
    return Right.now() + by
  }
}
