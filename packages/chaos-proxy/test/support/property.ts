import fc from 'fast-check'

/** Checks a property on the same cases each time; FC_SEED explores others. */
export function property<Values>(given: fc.IProperty<Values>, numRuns = 200): void {
  fc.assert(given, options(numRuns))
}

export function asyncProperty<Values>(given: fc.IAsyncProperty<Values>, numRuns: number): Promise<void> {
  return fc.assert(given, options(numRuns))
}

const options = (numRuns: number) => ({ seed: Number(process.env.FC_SEED ?? 20261126), numRuns })
