import type { DockerStage } from './docker/docker-stage.ts'
import type { EmbeddedStage } from './embedded/embedded-stage.ts'

/** Either stage, with the files that both keep on this machine. */
export type AnyStage = EmbeddedStage | DockerStage

/** Where the restaurant runs: the processes of this machine, or containers. Loads that one alone. */
export async function createStage({ docker = false }: { docker?: boolean } = {}): Promise<AnyStage> {
  if (docker) return new (await import('./docker/docker-stage.ts')).DockerStage()
  return createEmbeddedStage()
}

/** @param folder its home, by default that of every command, so that several restaurants run side by side */
export async function createEmbeddedStage(folder?: string): Promise<EmbeddedStage> {
  return new (await import('./embedded/embedded-stage.ts')).EmbeddedStage(folder)
}
