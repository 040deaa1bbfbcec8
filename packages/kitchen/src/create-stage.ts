import type { DockerStage } from './docker/docker-stage.ts'
import type { EmbeddedStage } from './embedded/embedded-stage.ts'

/** Either stage, with the files that both keep on this machine. */
export type AnyStage = EmbeddedStage | DockerStage

/** Where the restaurant runs: the processes of this machine, or containers. Loads that one alone. */
export async function createStage({ docker = false }: { docker?: boolean } = {}): Promise<AnyStage> {
  if (docker) return new (await import('./docker/docker-stage.ts')).DockerStage()
  return new (await import('./embedded/embedded-stage.ts')).EmbeddedStage()
}
