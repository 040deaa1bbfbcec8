import type { DockerInspection } from './docker/inspect.ts'

/** What of Docker this machine has. Loads what speaks to it only now. */
export async function inspectDocker(environment: NodeJS.ProcessEnv = process.env): Promise<DockerInspection> {
  return (await import('./docker/inspect.ts')).inspect(environment)
}
