export type { DisruptionKind, Target, TargetState } from './target.ts'
