export { identifyProcess, isFrozen, isRunning, type ProcessIdentity, stillRuns } from './identity.ts'
export {
  type ProcessExit,
  type ProcessTarget,
  type ProcessTargetOptions,
  processTarget,
} from './process-target.ts'
export { descendantsOf, killTree, resumeTree, signal } from './tree.ts'
