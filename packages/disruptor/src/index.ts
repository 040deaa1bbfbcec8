export { identifyProcess, isRunning, type ProcessIdentity, stillRuns } from './processes/identity.ts'
export {
  type ProcessExit,
  type ProcessTarget,
  type ProcessTargetOptions,
  processTarget,
} from './processes/process-target.ts'
export { descendantsOf, killTree, resumeTree, signal } from './processes/tree.ts'
export { type SeededRandom, seededRandom } from './random.ts'
export type { DisruptionKind, Target, TargetState } from './target.ts'
