import { PROJECT_LABEL, SERVICE_LABEL } from '@chaos-kitchen/disruptor/containers'
import type { Docker } from './containers.ts'

/** A restaurant that closes need not finish its requests. */
const STOP_WITHIN_SECONDS = 1
/** It writes its data out on the way. */
const STOP_POSTGRES_WITHIN_SECONDS = 10

/**
 * Removes the containers and networks of a project, told by its label, and with `volumes` what they kept. Anything
 * else of this engine is left alone. Works without compose.yaml, and for what an older one made.
 */
export async function takeDown(docker: Docker, project: string, { volumes }: { volumes: boolean }): Promise<void> {
  const filters = { label: [`${PROJECT_LABEL}=${project}`] }
  const containers = await docker.listContainers({ all: true, filters })
  await Promise.all(containers.map(({ Id, Labels }) => end(docker.getContainer(Id), Labels[SERVICE_LABEL])))
  const networks = await docker.listNetworks({ filters })
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove().catch(unlessGone)))
  if (!volumes) return
  const { Volumes } = await docker.listVolumes({ filters: { label: filters.label } })
  await Promise.all((Volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove().catch(unlessGone)))
}

async function end(container: ReturnType<Docker['getContainer']>, service: string | undefined): Promise<void> {
  const t = service === 'postgres' ? STOP_POSTGRES_WITHIN_SECONDS : STOP_WITHIN_SECONDS
  try {
    // A frozen one would not see the request, and need not: it holds nothing that must be written out.
    await container.stop({ t }).catch(unlessStatus(304, 404, 409, 500))
    await container.remove({ force: true, v: true })
  } catch (error) {
    unlessGone(error)
  }
}

/** Gone already, or being removed by another command. */
const unlessGone = unlessStatus(404, 409)

function unlessStatus(...statuses: number[]): (error: unknown) => void {
  return (error) => {
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
    if (!statuses.some((each) => each === status)) throw error
  }
}
