import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { engineEndpoints } from './endpoints.ts'
import { EngineError } from './engine-error.ts'

export interface Engine {
  docker: Docker
  /** Its address as in DOCKER_HOST. */
  endpoint: string
}

const ANSWER_WITHIN = 5_000

/**
 * The container engine of this machine: Docker Engine, Docker Desktop, rootless Docker, or Podman's socket.
 * @throws EngineError when there is none that this process can use
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const endpoints = await engineEndpoints(environment)
  let worst: EngineError | undefined
  for (const endpoint of endpoints) {
    const docker = await connect(endpoint, environment)
    try {
      await answered(docker)
      return { docker, endpoint }
    } catch (error) {
      const found = explain(error, endpoint)
      // One that is there and refuses says more than those that are not there.
      if (worst === undefined || worst.code === 'absent') worst = found
    }
  }
  const { code, message } = worst ?? { code: 'absent' as const, message: 'There is no container engine' }
  throw new EngineError(code, message, endpoints)
}

/** @throws EngineError for an engine of another machine */
async function connect(endpoint: string, environment: NodeJS.ProcessEnv): Promise<Docker> {
  // Loaded where it is needed: a command that uses no containers starts sooner without it.
  const { default: Docker } = await import('dockerode')
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(endpoint) ?? []
  if (scheme === 'unix') return new Docker({ socketPath: rest })
  if (scheme === 'npipe') return new Docker({ socketPath: rest.replaceAll('\\', '/') })
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') throw remote(endpoint)
  const { hostname, port } = new URL(`http://${rest}`)
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) throw remote(endpoint)
  const { DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = environment
  const secure = scheme === 'https' || Boolean(DOCKER_TLS_VERIFY)
  const files = secure && DOCKER_CERT_PATH ? await certificates(DOCKER_CERT_PATH) : {}
  return new Docker({ host: hostname, port, protocol: secure ? 'https' : 'http', ...files })
}

async function certificates(folder: string): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, cert, key] = await Promise.all(
    (['ca.pem', 'cert.pem', 'key.pem'] as const).map((name) => readFile(join(folder, name), 'utf8')),
  )
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
}

async function answered(docker: Docker): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN} ms`)), ANSWER_WITHIN)
  try {
    await Promise.race([docker.ping(), late])
  } finally {
    clearTimeout(timer)
  }
}

function explain(error: unknown, endpoint: string): EngineError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'EACCES' || code === 'EPERM')
    return new EngineError('forbidden', `${endpoint} does not let this user in`, [endpoint])
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR')
    return new EngineError('absent', `Nothing listens at ${endpoint}`, [endpoint])
  return new EngineError('silent', `${endpoint} does not answer as a container engine: ${message}`, [endpoint])
}

function remote(endpoint: string): EngineError {
  return new EngineError('remote', `${endpoint} is an engine of another machine`, [endpoint])
}
