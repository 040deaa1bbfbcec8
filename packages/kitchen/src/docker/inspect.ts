import { StageError } from '../stage.ts'
import { Compose } from './compose.ts'
import type { Docker } from './containers.ts'
import { openEngine } from './engine.ts'
import { isImageHere } from './images.ts'
import { projectNamed } from './project.ts'

/** What of Docker a machine has; where something can't be used, the error says why, and what to do. */
export interface DockerInspection {
  /** `endpoint`: its address, as in DOCKER_HOST. */
  readonly engine: { version: string; endpoint: string } | StageError
  /** `command`: as a person types it. */
  readonly compose: { version: string; command: string } | StageError
  /** Of the active profile; undefined where there is nothing to ask. */
  readonly images: Images | StageError | undefined
}

export interface Images {
  readonly here: string[]
  readonly missing: string[]
}

/** Changes nothing: no image is pulled, no container made. */
export async function inspect(environment: NodeJS.ProcessEnv): Promise<DockerInspection> {
  const engine = await orWhy(openEngine(environment))
  // Compose tells its version without an engine, too.
  const endpoint = engine instanceof StageError ? (environment.DOCKER_HOST ?? NOWHERE) : engine.endpoint
  const project = projectNamed(environment.KITCHEN_PROJECT)
  const compose = await orWhy(Compose.find(endpoint, project, environment))
  if (engine instanceof StageError) return { engine, compose: describe(compose), images: undefined }
  const { Version } = await engine.docker.version()
  return {
    engine: { version: Version, endpoint },
    compose: describe(compose),
    images: compose instanceof StageError ? undefined : await orWhy(sortImages(engine.docker, compose)),
  }
}

const NOWHERE = 'unix:///nowhere'

function describe(compose: Compose | StageError): DockerInspection['compose'] {
  return compose instanceof StageError ? compose : { version: compose.version, command: compose.command }
}

async function sortImages(docker: Docker, compose: Compose): Promise<Images> {
  const { services } = await compose.config({})
  const sorted = { here: [] as string[], missing: [] as string[] }
  for (const image of new Set(Object.values(services).map(({ image }) => image)))
    sorted[(await isImageHere(docker, image)) ? 'here' : 'missing'].push(image)
  return sorted
}

async function orWhy<T>(work: Promise<T>): Promise<T | StageError> {
  try {
    return await work
  } catch (error) {
    if (error instanceof StageError) return error
    throw error
  }
}
