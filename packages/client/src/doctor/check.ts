import type { AnyStage, DockerInspection } from '@chaos-kitchen/kitchen'

/** One thing that this machine must have or do. */
export interface Check {
  readonly name: string
  run(machine: Machine): Promise<CheckResult>
}

export interface CheckResult {
  readonly ok: boolean
  /** True for what is not there and not needed either, as Docker where nobody asked for it. */
  readonly optional?: true
  /** What was found, in a few words. */
  readonly found: string
  /** Commands or steps that mend it; for notes also when all is well. */
  readonly remedy?: readonly string[]
}

export interface Machine {
  readonly stage: AnyStage
  readonly signal: AbortSignal
  readonly environment: NodeJS.ProcessEnv
  /** Looks once, at the first call. */
  docker(): Promise<DockerInspection>
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`
}
