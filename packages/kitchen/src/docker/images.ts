import type { Progress } from '../embedded/host/progress.ts'
import { StageError } from '../stage.ts'
import type { Docker } from './containers.ts'

/** Pulls the images that are not here, one after the other, and tells how far each is. */
export async function pullMissing(
  docker: Docker,
  images: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for (const image of new Set(images)) {
    signal.throwIfAborted()
    if (await isImageHere(docker, image)) continue
    let layers: Layers = new Map()
    const work = pull(docker, image, signal, (event) => {
      layers = note(layers, event)
    })
    await progress.track(`image ${image}`, work, () => `image ${image}${amount(layers)}`)
  }
}

export async function isImageHere(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect()
    return true
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false
    throw error
  }
}

/** One message of the engine while it pulls. */
interface PullEvent {
  id?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
}

async function pull(docker: Docker, image: string, signal: AbortSignal, onEvent: (event: PullEvent) => void) {
  try {
    const stream = await docker.pull(image, { abortSignal: signal })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()), onEvent)
    await promise
  } catch (error) {
    signal.throwIfAborted()
    // The client's own words about the API are no help to a person.
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^\(HTTP code \d+\) [\w ]+ - /, '')
    throw pullFailure(image, reason)
  }
}

export function pullFailure(image: string, reason: string): StageError {
  const grafana = image.startsWith('grafana/')
  const remedy = [
    `docker pull ${image}    to try it with your own login and proxy settings`,
    ...(grafana ? ['COMPOSE_PROFILES=no-grafana pnpm workshop --docker    to run without Grafana'] : []),
    'pnpm workshop    without --docker, which needs no images',
  ]
  if (/no space left/i.test(reason))
    return new StageError('no-space', {
      what: `There is no space left for the image ${image}.`,
      meaning: 'The disk of the container engine is full.',
      remedy: ['docker system df    to see what takes it', 'docker system prune    to remove what is unused'],
    })
  if (/toomanyrequests|rate limit/i.test(reason))
    return new StageError('pull-limited', {
      what: `The registry gives ${image} to nobody from this network for now.`,
      meaning: 'It limits how often images are pulled without a login.',
      remedy: ['docker login', ...remedy],
    })
  return new StageError('pull-failed', {
    what: `The image ${image} could not be pulled: ${reason.trim().split('\n').at(-1)}`,
    meaning: 'It is not on this machine, and the registry cannot be reached or refuses.',
    remedy,
  })
}

type Layers = ReadonlyMap<string, { current: number; total: number }>

function note(layers: Layers, { id, status, progressDetail }: PullEvent): Layers {
  const { current, total } = progressDetail ?? {}
  if (id === undefined || status !== 'Downloading' || current === undefined || total === undefined) return layers
  return new Map([...layers, [id, { current, total }]])
}

function amount(layers: Layers): string {
  const sum = (key: 'current' | 'total') => [...layers.values()].reduce((all, layer) => all + layer[key], 0)
  if (layers.size === 0) return ''
  return ` (${Math.round(sum('current') / 1e6)} of ${Math.round(sum('total') / 1e6)} MB)`
}
