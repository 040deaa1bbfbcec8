import { DockerStage } from './docker/docker-stage.ts'
import { EmbeddedStage } from './embedded/embedded-stage.ts'

/** Where the restaurant runs: the processes of this machine, or containers. */
export function createStage({ docker = false }: { docker?: boolean } = {}): EmbeddedStage | DockerStage {
  return docker ? new DockerStage() : new EmbeddedStage()
}
