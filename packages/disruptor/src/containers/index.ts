export { type ContainerTargetOptions, containerTarget, containerTargets } from './container-target.ts'
export { EngineError, type EngineErrorCode } from './engine-error.ts'
export { type Engine, findEngine } from './find-engine.ts'
export { OPT_IN_LABEL, PROJECT_LABEL, SERVICE_LABEL } from './labels.ts'
