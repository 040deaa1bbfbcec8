import { randomUUID } from 'node:crypto'
import {
  type Engine,
  findEngine,
  OPT_IN_LABEL,
  PROJECT_LABEL,
  SERVICE_LABEL,
} from '@chaos-kitchen/disruptor/containers'

export const IMAGE = 'node:24-trixie-slim'

/** The engine, where one is reachable and has the image; otherwise one line says what is skipped. */
export async function engineForTests(): Promise<Engine | undefined> {
  try {
    const engine = await findEngine()
    await engine.docker.getImage(IMAGE).inspect()
    return engine
  } catch (error) {
    console.warn(`Docker tests are skipped: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

export function projectName(): string {
  return `test-${randomUUID().slice(0, 8)}`
}

/** A container that runs until it is asked to end, and ends gracefully. Labels that are undefined are left out. */
export async function startContainer(
  { docker }: Engine,
  { project, service, optIn }: { project: string; service: string; optIn?: string },
): Promise<string> {
  const container = await docker.createContainer({
    Image: IMAGE,
    Cmd: ['bash', '-c', 'trap "exit 0" TERM; sleep infinity & wait'],
    Labels: {
      [PROJECT_LABEL]: project,
      [SERVICE_LABEL]: service,
      ...(optIn !== undefined && { [OPT_IN_LABEL]: optIn }),
    },
    HostConfig: { RestartPolicy: { Name: 'always' }, NetworkMode: 'none' },
  })
  await container.start()
  return container.id
}

export async function removeContainers({ docker }: Engine, ids: string[]): Promise<void> {
  await Promise.all(ids.map((id) => docker.getContainer(id).remove({ force: true })))
}
