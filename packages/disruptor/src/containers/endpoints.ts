import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Where an engine may listen, as in DOCKER_HOST, the likeliest first. DOCKER_HOST is final, and so is a context that
 * somebody chose; after the default context come the places of Docker Desktop, rootless Docker, Colima, OrbStack,
 * Rancher Desktop and Podman.
 */
export async function engineEndpoints(environment: NodeJS.ProcessEnv): Promise<string[]> {
  if (environment.DOCKER_HOST) return [environment.DOCKER_HOST]
  const context = await currentContext(environment)
  if (context !== undefined && context.name !== 'default') return [context.endpoint]
  return [...new Set([...(context ? [context.endpoint] : []), ...usualEndpoints(environment)])]
}

async function currentContext(environment: NodeJS.ProcessEnv): Promise<{ name: string; endpoint: string } | undefined> {
  try {
    const format = '{{.Name}} {{.Endpoints.docker.Host}}'
    const options = { env: environment, timeout: 5_000, windowsHide: true }
    const { stdout } = await promisify(execFile)('docker', ['context', 'inspect', '--format', format], options)
    const [, name, endpoint] = /^(\S+) (\S+)/.exec(stdout.trim()) ?? []
    return name === undefined || endpoint === undefined ? undefined : { name, endpoint }
  } catch {
    // No docker command, one without contexts, or a context that is gone: the usual places are left.
    return undefined
  }
}

function usualEndpoints({ XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'win32') return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/podman-machine-default']
  const home = homedir()
  const sockets = [
    '/var/run/docker.sock',
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'podman/podman.sock')] : []),
    join(home, '.local/share/containers/podman/machine/podman.sock'),
    '/run/podman/podman.sock',
  ]
  return sockets.map((path) => `unix://${path}`)
}
