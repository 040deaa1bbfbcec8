export * from './processes/index.ts'
export { type SeededRandom, seededRandom } from './random.ts'
export type { DisruptionKind, Target, TargetState } from './target.ts'
