import fc from 'fast-check'

/** Checks a property with a fixed seed, so that a run of today fails tomorrow too; FC_SEED explores others. */
export async function check<Arguments>(property: fc.IRawProperty<Arguments>, numRuns: number): Promise<void> {
  await fc.assert(property, {
    seed: Number(process.env.FC_SEED ?? 20261126),
    numRuns: Number(process.env.FC_RUNS ?? numRuns),
  })
}
